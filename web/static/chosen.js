// Things to tick in groups: each group's summary says how many of it are ticked, and "the whole group" ticks them all. Without this file the
// summary says how many were when the page was made, and a whole group is taken when the form is sent.

const boxes = (group) => [...group.querySelectorAll("input[name=kinds]")];

function tell(group) {
  const [all, ticked] = [boxes(group).length, boxes(group).filter((box) => box.checked).length];
  const whole = group.querySelector("input[name=groups]");
  whole.checked = ticked === all;
  whole.indeterminate = ticked > 0 && ticked < all;
  group.querySelector(".count").textContent = group.closest(".event-groups").dataset.some.replace("{n}", ticked).replace("{all}", all);
}

addEventListener("change", ({ target }) => {
  const group = target.closest(".event-group");
  if (!group) return;
  if (target.name === "groups") for (const box of boxes(group)) box.checked = target.checked;
  tell(group);
});
addEventListener("pageshow", () => document.querySelectorAll(".event-group").forEach(tell)); // also after going back, where the browser ticks again
