// Keeps an open page fresh: it listens for what moved, asks for itself again and changes only what differs. Everything works without this
// file. What somebody is typing is never touched; the page says so instead.
import { morph } from "./morph.js";

const EVERY = 15_000; // between looks at the unread notices, which also come without anything moving
const IDLE = 30 * 60_000; // a tab left open must not keep its session alive for ever
const PACE = 1_500; // a page asks for itself no more often, however much happens

const bell = document.querySelector(".bell[data-unread]");
const main = document.querySelector("main");
const about = (main?.dataset.live ?? "").split(" ").filter(Boolean);
let touched = Date.now();
let source = null;
let asked = 0;
let timer = 0;

for (const name of ["pointerdown", "keydown", "visibilitychange"]) {
  addEventListener(name, () => { touched = Date.now(); }, { capture: true, passive: true });
}
const away = () => document.hidden || Date.now() - touched > IDLE;

// ── the number of unread notices ───────────────────────────────────────────

function show(unread) {
  const mark = bell.querySelector(".unread");
  mark.hidden = unread === 0;
  mark.querySelector(".n").textContent = unread < 100 ? String(unread) : "99+";
  bell.dataset.unread = String(unread);
  document.title = document.title.replace(/^(\(\d+\+?\) )?/, unread ? `(${unread < 100 ? unread : "99+"}) ` : "");
}

async function ask() {
  if (away()) return;
  try {
    const answer = await fetch("/api/v1/notifications/unread", { headers: { Accept: "application/json" } });
    if (answer.ok) show((await answer.json()).unread);
  } catch {
    // offline: the number stays as it is until the next time
  }
}

// ── the page itself ────────────────────────────────────────────────────────

function tellStale() {
  const bar = document.querySelector(".stale");
  bar.setAttribute("role", "status");
  bar.hidden = false;
}

async function freshen() {
  timer = 0;
  asked = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".sim", ".nav", "main"]) {
      const [here, there] = [document.querySelector(part), page.querySelector(part)];
      if (here && there && !morph(here, there)) tellStale();
    }
    main.dispatchEvent(new CustomEvent("freshened", { bubbles: true }));
  } catch {
    // offline: the page stays as it is; the connection comes back by itself and asks again
  }
}

function soon() {
  if (!timer) timer = setTimeout(freshen, Math.max(0, PACE - (Date.now() - asked)));
}

function moved(event) {
  const ids = JSON.parse(event.data).map(String);
  if (about.includes("*") || ids.some((id) => id === "0" || about.includes(id))) soon();
  ask();
}

function listen() {
  if (away() || source || !about.length) return;
  let missed = false;
  source = new EventSource("/live");
  source.addEventListener("moved", moved);
  source.addEventListener("error", () => { missed = true; });
  source.addEventListener("open", () => { if (missed) soon(); missed = false; });
}

function rest() {
  source?.close();
  source = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return rest();
  if (about.length && !source) soon();
  listen();
});
addEventListener("pagehide", rest);
setInterval(() => (away() ? rest() : listen()), EVERY);
listen();

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
