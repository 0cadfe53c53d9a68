// The number of unread notices, kept fresh while somebody looks. Everything works without this file.
const EVERY = 15_000;
const IDLE = 30 * 60_000; // a tab left open must not keep its session alive for ever

const bell = document.querySelector(".bell");
let touched = Date.now();
for (const name of ["pointerdown", "keydown", "visibilitychange"]) {
  addEventListener(name, () => { touched = Date.now(); }, { capture: true, passive: true });
}

function show(unread) {
  const mark = bell.querySelector(".unread");
  mark.hidden = unread === 0;
  mark.querySelector(".n").textContent = unread < 100 ? String(unread) : "99+";
  bell.dataset.unread = String(unread);
  document.title = document.title.replace(/^(\(\d+\+?\) )?/, unread ? `(${unread < 100 ? unread : "99+"}) ` : "");
}

async function ask() {
  if (document.hidden || Date.now() - touched > IDLE) return;
  try {
    const answer = await fetch("/api/v1/notifications/unread", { headers: { Accept: "application/json" } });
    if (answer.ok) show((await answer.json()).unread);
  } catch {
    // offline: the number stays as it is until the next time
  }
}

if (bell) {
  show(Number(bell.dataset.unread));
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}

// Opening what a notice is about reads it.
for (const row of document.querySelectorAll(".notice.is-unread")) {
  const form = row.querySelector("form");
  row.querySelector(".what a")?.addEventListener("click", () => {
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true, redirect: "manual" });
  });
}
