"""Whether a page fits: 360 px of a small phone, 640 px as 1280 px are at 200 % zoom. Nothing scrolls sideways, overlaps or is cut off."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

WIDTHS = (640, 360)
FITS = """() => {
  const faults = [], wide = innerWidth + 1, shown = it => it.checkVisibility() && it.getClientRects().length;
  const classes = it => it.className.baseVal ?? it.className;
  const named = it => it.tagName.toLowerCase() + (it.id ? "#" + it.id : classes(it) ? "." + classes(it) : "");
  const scrolls = it => { for (let up = it.parentElement; up && up !== document.body; up = up.parentElement)
    if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return true; return false; };
  const all = [...document.body.querySelectorAll("*")].filter(it => !it.closest(".sr, .skip, [hidden]") && shown(it));
  if (document.documentElement.scrollWidth > innerWidth) {
    const out = all.filter(it => it.getBoundingClientRect().right > wide && !scrolls(it)).map(named);
    faults.push("scrolls sideways: " + (out.at(-1) ?? "the page"));
  }
  for (const it of all) {
    const hides = ["hidden", "clip"].includes(getComputedStyle(it).overflowX) && it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 1;
    if (hides && [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim())) faults.push("is cut off: " + named(it));
  }
  const pressed = all.filter(it => it.matches("a, button, select, textarea, summary, input:not([type=hidden])") && !it.closest("svg"));
  const boxes = pressed.flatMap(it => [...it.getClientRects()].map(box => [it, box]));
  boxes.forEach(([one, a], nth) => boxes.slice(nth + 1).forEach(([other, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left), down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const apart = across < 3 || down < 3 || one.contains(other) || other.contains(one);
    if (!apart) faults.push("overlap: " + named(one) + " and " + named(other));
  }));
  return [...new Set(faults)];
}"""


def misfits(page: Page) -> Iterator[str]:
    """What does not fit of the page that is open, at each width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        yield from (f"at {width} px {fault}" for fault in page.evaluate(FITS))
