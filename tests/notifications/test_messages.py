"""Every message in every language: nothing missing, nothing unescaped, the same words in text and HTML."""

import re
import unicodedata
from html import unescape

import pytest
from jinja2 import UndefinedError

from notifications.contexts import Item, from_json
from notifications.render import BLOCKS, LANGUAGES, environment, kinds, render
from notifications.words import HEADLINES
from tests.notifications.examples import SITE, bare, confidential, context, item

KINDS = tuple(k for k in kinds() if k != "digest")
ALL = [(kind, language) for kind in kinds() for language in LANGUAGES]
LINES = tuple(HEADLINES.keys() - {"proposed"})


def reading(html: str) -> str:
    """What is left of HTML when one reads it."""
    body = re.sub(r"<style.*?</style>|<head.*?</head>", "", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def filled(kind: str, make=item) -> tuple[Item, ...]:
    """What a message of ``kind`` is rendered from: one item, or a digest of every kind of line."""
    return (
        (make("overdue"), make("due-soon", **({"days": 1} if make is item else {})), *(make(k) for k in LINES))
        if kind == "digest"
        else (make(kind),)
    )


@pytest.mark.parametrize(("kind", "language"), ALL)
@pytest.mark.parametrize("make", [item, bare, confidential])
def test_every_message_can_be_written(kind, language, make):
    done = render(kind, context(*filled(kind, make), language=language), SITE)
    assert done.subject and "\n" not in done.subject
    for body in (done.text, done.html):
        assert "None" not in body and "{{" not in body and "  ." not in body


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_a_message_says_what_to_do_why_and_where(kind, language):
    done = render(kind, context(*filled(kind), language=language), SITE)
    for body in (done.text, reading(done.html)):
        assert ("Việc cần làm:" if language == "vi" else "What to do:") in body
        assert ("Bạn nhận thư này vì" if language == "vi" else "You get this mail because") in body
    for body in (done.text, done.html):
        assert SITE.base_url + ("/" if kind == "digest" else "/steps/5") in body
        assert SITE.base_url + "/preferences" in body


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_text_and_html_say_the_same(kind, language):
    done = render(kind, context(*filled(kind), language=language), SITE)
    seen = reading(done.html)
    words = re.sub(r"https://\S+|^--$", "", done.text, flags=re.M)
    sentences = [part.strip(" *") for line in words.splitlines() for part in re.split(r"[|:]|\. ", line) if part.strip(" *")]
    assert not [sentence for sentence in sentences if sentence.rstrip(".") not in seen]


@pytest.mark.parametrize("kind", kinds())
def test_english_is_complete(kind):
    ascii_item = {
        "place": "NV4, step 3",
        "unit": "Loc Ninh",
        "capacity": "Loc Ninh",
        "title": "List",
        "note": "x",
        "by": "y",
        "needed": ("z",),
    }
    items = tuple(item(each.kind, **ascii_item) for each in filled(kind))
    done = render(kind, context(*items, language="en", name="Officer"), SITE)
    vietnamese = [w for w in re.findall(r"\w+", done.subject + done.text + reading(done.html)) if not w.isascii()]
    assert set(vietnamese) <= {"Đôn", "Đốc"}


@pytest.mark.parametrize("kind", kinds())
def test_what_people_wrote_cannot_become_markup(kind):
    nasty = "<script>alert(1)</script>\"'&"
    fields = {"title": nasty, "note": nasty, "by": nasty, "unit": nasty, "capacity": nasty, "place": nasty, "needed": (nasty,)}
    items = tuple(item(each.kind, **fields) for each in filled(kind))
    html = render(kind, context(*items, name=nasty), SITE).html
    assert "<script" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_confidential_work_shows_its_number_alone(kind, language):
    done = render(kind, context(*filled(kind, confidential), language=language), SITE)
    for part in (done.subject, done.text, done.html):
        assert "khen thưởng" not in part and "phụ lục" not in part and "Tờ trình" not in part
    assert "NV4" in done.subject or kind == "digest"


def test_a_missing_variable_is_an_error():
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_every_message_has_every_block_in_both_languages():
    missing = [
        (k, lang, b) for k, lang in ALL for b in BLOCKS if b not in environment().get_template(f"{k}/{lang}.txt").blocks
    ]  # fmt: skip
    assert not missing


def test_templates_are_composed_unicode():
    for kind, language in ALL:
        text = render(kind, context(*filled(kind), language=language), SITE).text
        assert unicodedata.is_normalized("NFC", text)


def test_a_mail_is_light_inline_and_fetches_nothing():
    for kind in kinds():
        html = render(kind, context(*filled(kind)), SITE).html
        assert not re.search(r"<(link|img|script|style|iframe)|url\(|@import|\sclass=", html)
        assert 'content="light only"' in html


def test_a_context_survives_storing():
    first = context(item("returned"), bare("assigned"), confidential("overdue"))
    assert from_json(first.as_json()) == first
