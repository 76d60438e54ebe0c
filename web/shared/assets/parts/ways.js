// On a narrow screen a row of ways is wider than the screen: bring the one that leads here into sight.
for (const here of document.querySelectorAll("nav > [aria-current=page]")) {
  const row = here.parentElement;
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
