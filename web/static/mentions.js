// In a comment, typing @ offers the people who can be mentioned: those whom the list under the field holds. Without this file they are
// ticked in that list, or their names are typed.

const MOST = 8; // offered at once
const WRITTEN = /(?:^|[\s([“"'‘,;:/])@((?:[^\s@][^\n@]*)?)$/; // where engine/mentions.py finds one; people are looked for by several words
const MOVES = new Map([["ArrowDown", 1], ["ArrowUp", -1]]);

let shown = null; // {field, list, people, at, said, from}: while somebody is offered for what is said after the @ that stands at `from`
let waved = -1; // where the @ stands whose list was put away

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
const words = (text) => plain(text).split(/[\s._-]+/).filter(Boolean);

// ── whom to offer ──────────────────────────────────────────────────────────

function readers(form) {
  return [...form.querySelectorAll("input[name=mentions]")].map(({ value, dataset }) => ({ login: value, ...dataset }));
}

function asked(field) {
  return field.selectionStart === field.selectionEnd ? WRITTEN.exec(field.value.slice(0, field.selectionStart))?.[1] : undefined;
}

function begin(field) {
  return field.selectionStart - asked(field).length - 1;
}

function whom(field) {
  const said = asked(field);
  if (said === undefined) waved = -1;
  if (said === undefined || waved === begin(field)) return [];
  const all = readers(field.form);
  if (/\s/.test(said) && all.some(({ login }) => plain(login) === plain(said).split(/\s/)[0])) return []; // a whole name, and what follows it
  const sought = words(said);
  return all.filter(({ login, name, unit }) => {
    const has = words(`${login} ${name} ${unit}`);
    return sought.every((word) => has.some((each) => each.startsWith(word)));
  }).slice(0, MOST);
}

// ── the list ───────────────────────────────────────────────────────────────

function offer(field) {
  const people = whom(field);
  close();
  if (!people.length) return;
  const told = field.form.querySelector(".mentions-told");
  const list = document.createElement("ul");
  list.className = "offers";
  tell(list, { id: "offers", role: "listbox", "aria-label": told.dataset.label });
  list.append(...people.map(option));
  field.after(list);
  shown = { field, list, people, at: 0, said: asked(field), from: begin(field) };
  tell(field, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": "offers" });
  list.classList.toggle("is-above", roomBelow(field) < list.offsetHeight && field.getBoundingClientRect().top > list.offsetHeight);
  told.textContent = told.dataset.found.replace("{n}", people.length);
  mark(0);
}

function option({ login, name, unit }, at) {
  const item = document.createElement("li");
  const [who, where] = [document.createElement("b"), document.createElement("span")];
  tell(item, { id: `offer-${at}`, role: "option" });
  who.textContent = name;
  where.className = "meta";
  where.textContent = [`@${login}`, unit].filter(Boolean).join(" · ");
  item.append(who, " ", where);
  return item;
}

function tell(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function roomBelow(field) {
  const { height = innerHeight, offsetTop = 0 } = window.visualViewport ?? {}; // what a keyboard on the glass leaves
  return height + offsetTop - field.getBoundingClientRect().bottom;
}

function mark(at) {
  shown.at = at;
  [...shown.list.children].forEach((item, nth) => { tell(item, { "aria-selected": nth === at }); });
  tell(shown.field, { "aria-activedescendant": `offer-${at}` });
  shown.list.children[at].scrollIntoView({ block: "nearest" });
}

function close() {
  if (!shown) return;
  for (const name of ["role", "aria-autocomplete", "aria-expanded", "aria-controls", "aria-activedescendant"]) shown.field.removeAttribute(name);
  shown.field.form.querySelector(".mentions-told").textContent = "";
  shown.list.remove();
  shown = null;
}

function choose(at) {
  const { field, people, from } = shown;
  const end = field.selectionStart;
  const gap = /^\s/.test(field.value.slice(end)) ? "" : " ";
  field.setRangeText(`@${people[at].login}${gap}`, from, end, "end");
  close();
}

// ── what people do ─────────────────────────────────────────────────────────

const field = ({ target }) => (target.matches?.("textarea") && target.form?.querySelector(".mentions-told") ? target : null);
const at = ({ target }) => (shown ? [...shown.list.children].indexOf(target.closest?.("#offers > li")) : -1);

addEventListener("input", (event) => field(event) && offer(event.target));
addEventListener("focusout", close);
document.addEventListener("selectionchange", () => shown && asked(shown.field) !== shown.said && offer(shown.field)); // the caret went elsewhere
addEventListener("pointerdown", (event) => at(event) >= 0 && event.preventDefault()); // the field keeps the focus
addEventListener("click", (event) => {
  if (at(event) >= 0) choose(at(event));
  else if (field(event)) offer(event.target);
});
addEventListener("keydown", (event) => {
  if (!shown || event.isComposing || event.shiftKey || event.target !== shown.field) return;
  const many = shown.people.length;
  if (MOVES.has(event.key)) mark((shown.at + MOVES.get(event.key) + many) % many);
  else if (event.key === "Enter" || event.key === "Tab") choose(shown.at);
  else if (event.key === "Escape") {
    waved = shown.from;
    close();
  } else return;
  event.preventDefault();
}, { capture: true });
