// Makes one element like another with as few changes as can be, and leaves alone what somebody is filling in.

// Whether a person has typed, chosen or is at something inside `form`.
export function inUse(form) {
  const at = document.activeElement;
  if (at && at !== form && form.contains(at) && at.matches("input, textarea, select")) return true;
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || field.type === "submit" || field.type === "button") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.dataset.touched === "1";
    return field.value !== field.defaultValue;
  });
}

// A select whose markup names no choice shows its first one without any being marked: only a person's own change counts.
addEventListener("change", (event) => {
  if (event.target.matches?.("select")) event.target.dataset.touched = "1";
}, { capture: true });

// Makes `here` like `there`. False if something had to stay as it is because it is in use.
export function morph(here, there) {
  if (here.nodeType !== Node.ELEMENT_NODE || there.nodeType !== here.nodeType || here.tagName !== there.tagName) {
    if (here.nodeType === there.nodeType && here.nodeType !== Node.ELEMENT_NODE) here.data = there.data;
    else return swap(here, there);
    return true;
  }
  if (here.isEqualNode(there)) return true;
  if (here.id !== there.id || here.namespaceURI !== "http://www.w3.org/1999/xhtml") return swap(here, there);
  if (here.tagName === "FORM" && inUse(here)) return sameAsk(here, there);
  if (here.tagName === "DETAILS" && here.open) there.open = true;
  attributes(here, there);
  const [mine, theirs] = [[...here.childNodes], [...there.childNodes]];
  if (mine.length === theirs.length) return mine.map((child, n) => morph(child, theirs[n])).every(Boolean);
  return align(here, theirs);
}

// Children came or went: those that are still there are kept in their order, the rest is put in or taken out.
function align(here, theirs) {
  let spot = here.firstChild;
  let whole = true;
  const leave = () => {
    const after = spot.nextSibling;
    if (spot.nodeType === Node.ELEMENT_NODE && busy(spot)) whole = false;
    else spot.remove();
    spot = after;
  };
  for (const child of theirs) {
    let same = spot;
    while (same && name(same) !== name(child)) same = same.nextSibling;
    if (!same) {
      here.insertBefore(child, spot);
      continue;
    }
    while (spot !== same) leave();
    spot = same.nextSibling;
    whole = morph(same, child) && whole;
  }
  while (spot) leave();
  return whole;
}

// By what a child is known again: its kind, its id, and the first address in it.
function name(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return "text";
  const link = node.matches("a[href]") ? node : node.querySelector("a[href], form[action]");
  return [node.tagName, node.id, link?.getAttribute("href") ?? link?.getAttribute("action")].join(" ");
}

// A form in use stays. It is behind the times only if the page would now ask for something else than its key and version.
function sameAsk(here, there) {
  const shape = (form) => [form.getAttribute("action"), ...[...form.elements].map((field) => `${field.name}:${field.name === "version" ? field.defaultValue : ""}`)].join("|");
  return shape(here) === shape(there);
}

function busy(element) {
  return element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
    || [...element.querySelectorAll("form")].some(inUse);
}

function swap(here, there) {
  if (here.nodeType === Node.ELEMENT_NODE && busy(here)) return false;
  here.replaceWith(there);
  return true;
}

function attributes(here, there) {
  for (const { name } of [...here.attributes]) if (!there.hasAttribute(name)) here.removeAttribute(name);
  for (const { name, value } of there.attributes) if (here.getAttribute(name) !== value) here.setAttribute(name, value);
}
