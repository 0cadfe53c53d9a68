// Says beside a field that its files are too large, before anything is sent. Without this file the server says it once all has come.

const SIZED = "input[type=file][data-most]";
const sized = (form) => [...form.querySelectorAll(SIZED)];
const sum = (files) => files.reduce((all, { size }) => all + size, 0);

function wrong(input) {
  const { most, large, together, sum: told } = input.dataset;
  const files = [...input.files];
  const file = files.find(({ size }) => size > Number(most));
  if (file) return large.replace("{size}", shown(file.size)).replace("{name}", () => file.name);
  const fields = sized(input.form);
  const all = sum(fields.flatMap((field) => [...field.files]));
  const last = fields.findLast((field) => field.files.length) === input; // all of them together are told once
  return together && last && all > Number(together) ? told.replace("{size}", shown(all)) : "";
}

function shown(bytes) {
  const number = (Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1).replace(".0", "").replace(".", ","); // never as small as what it exceeds
  return `${number} MB`;
}

function tell(input) {
  const [text, place] = [wrong(input), document.getElementById(`${input.id}-size`)];
  place.lastElementChild.textContent = text;
  place.hidden = !text;
  input.setCustomValidity(text);
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

addEventListener("change", ({ target }) => target.matches(SIZED) && sized(target.form).forEach(tell));
addEventListener("pageshow", () => document.querySelectorAll(SIZED).forEach(tell)); // also after going back, where the browser chooses again
addEventListener("submit", (event) => {
  const bad = sized(event.target).find(({ validity }) => validity.customError); // a form that checks nothing itself would be sent
  if (!bad) return;
  event.preventDefault();
  bad.focus();
}, { capture: true });
