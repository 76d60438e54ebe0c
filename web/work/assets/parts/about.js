// What the records know about a case's customer and machine: fetched once the page itself is there.
// The link it takes the place of stays when that fails.
const place = document.querySelector("[data-about]");

async function load() {
  try {
    const answer = await fetch(`${place.dataset.about}?part=1`, { redirect: "error" });
    if (!answer.ok) return;
    const body = document.createElement("div");
    body.innerHTML = await answer.text();
    place.querySelector("p").replaceWith(body);
  } catch {
    // Offline: the link is still there.
  }
}

if (place) load();
