"""Messages from templates: one folder a kind, its sentences once per language, laid out as text and as HTML by a shared base.

``messages/<kind>/vi.txt`` and ``en.txt`` define the blocks subject, opening, next and button in plain words; so text and HTML can never
disagree. ``messages/base`` lays them out; a kind may bring a ``body.txt`` and ``body.html`` of its own (the digest does).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from notifications import words
from notifications.contexts import Item, MessageContext
from notifications.folding import folded
from notifications.sealing import sealed_path

FOLDER = Path(__file__).parent / "messages"
LANGUAGES = ("vi", "en")
BLOCKS = ("subject", "opening", "next", "button")


@dataclass(frozen=True, slots=True)
class Site:
    """Where links lead and who signs: ``base_url`` has no slash at its end.

    ``seal``: the office's key, by which links that open an account are made whole; only what sends mail has it.
    """

    base_url: str
    sender: str = "dondoc@localhost"
    product: str = "Đôn Đốc"
    seal: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready for an envelope."""

    subject: str
    text: str
    html: str


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates. A missing variable is an error; what goes into HTML is escaped."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    env.globals.update(tone=words.tone)
    return env


def kinds() -> tuple[str, ...]:
    """Every kind that has a folder of its own."""
    return tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "base"))


def render(kind: str, context: MessageContext, site: Site) -> Rendered:
    """Subject, text and HTML of a message. Raises jinja2's errors for a kind without a folder or a variable that is missing."""
    said = _sentences(kind, context, site)
    values = {**_values(context, site), **said}
    text, html = _layouts(kind)
    return Rendered(said["subject"], text.render(values), html.render(values))


def subject_of(kind: str, context: MessageContext, site: Site) -> str:
    """The subject alone."""
    return _block(_words_of(kind, context.language), "subject", _values(context, site))


def _sentences(kind: str, context: MessageContext, site: Site) -> dict[str, str]:
    template, values = _words_of(kind, context.language), _values(context, site)
    return {name: _block(template, name, values) for name in BLOCKS}


def _block(template: Template, name: str, values: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(values))).strip()


@lru_cache(maxsize=128)
def _words_of(kind: str, language: str) -> Template:
    return environment().get_template(f"{kind}/{language}.txt")


@lru_cache(maxsize=64)
def _layouts(kind: str) -> tuple[Template, Template]:
    env = environment()
    return env.select_template([f"{kind}/body.txt", "base/body.txt"]), env.select_template([f"{kind}/body.html", "base/body.html"])


def _values(context: MessageContext, site: Site) -> dict[str, Any]:
    first = context.items[0]
    return {
        "m": context,
        "item": first,
        "items": context.items,
        "lines": folded(context.items),
        "site": site,
        "url": site.base_url + sealed_path(first.kind, first.path, site.seal),
        **_helpers(context.language),
    }


@lru_cache(maxsize=2)
def _helpers(language: str) -> dict[str, Any]:
    return {
        "language": language,
        "day": partial(words.day_text, language=language),
        "label": partial(words.label, language=language),
        "why": partial(words.why, language=language),
        "headline": partial(words.headline, language=language),
        "rung": partial(words.rung_text, language=language),
        "counted": partial(words.counted, language=language),
        "titled": titled,
        "parts": partial(words.parts, language=language),
        "whys": partial(_whys, language=language),
    }


def titled(item: Item) -> str:
    """Place and title in one line; the place alone where the title is confidential."""
    return f"{item.place}: {item.title}" if item.title else item.place


def _whys(items: tuple[Item, ...], language: str) -> list[str]:
    """Every reason for which the reader gets a gathered mail, once, in the order of the lines."""
    return list(dict.fromkeys(words.why(item, language) for item in items))
