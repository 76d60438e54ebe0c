// A task's page: says that it is open, and shows who else has it open. Nothing depends on it.
const present = document.getElementById("present");
const EVERY = 10000; // milliseconds; the server counts somebody as present for 30 seconds

async function tell() {
  if (!document.hidden) {
    const token = document.querySelector("input[name=csrf_token]").value;
    try {
      const answer = await fetch(present.dataset.live, {
        method: "POST",
        body: new URLSearchParams({ csrf_token: token }),
        redirect: "error",
      });
      if (answer.status >= 500) throw new Error(answer.status);
      if (!answer.ok) return; // the task is gone or the log-in has ended: the page's own buttons will say so
      const html = (await answer.text()).trim();
      if (present.innerHTML.trim() !== html) present.innerHTML = html;
    } catch {
      present.textContent = "";
    }
  }
  setTimeout(tell, EVERY);
}

if (present) tell();
