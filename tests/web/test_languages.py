"""English is complete, and says what the Vietnamese says."""

import re
import string

from tests.web.office import Office, words
from web.action_forms import FORMS
from web.i18n import catalogue, extract, translate
from web.notes import NOTES

PLACES = re.compile(r"%\((\w+)\)s")


def test_no_message_is_missing_in_english():
    assert extract.missing("en") == {}


def test_no_translation_is_left_over():
    assert extract.unused("en") == []


def test_every_translation_fills_the_same_places():
    wrong = [m for m, forms in catalogue("en").items() for form in forms if set(PLACES.findall(form)) - set(PLACES.findall(m))]
    assert not wrong


def test_one_is_singular_and_more_are_plural():
    assert translate("en", "quá %(n)s ngày", n=1) == "1 day late"
    assert translate("en", "quá %(n)s ngày", n=2) == "2 days late"
    assert translate("vi", "quá %(n)s ngày", n=2) == "quá 2 ngày"


def test_forms_and_notes_speak_both_languages():
    texts = [t for fields in FORMS.values() for f in fields for t in (f.label, f.hint) if t.vi] + [t for t, _ in NOTES.values()]
    assert not [t for t in texts if not t.en]


def test_a_step_page_in_english_has_no_vietnamese_left_but_names(office: Office):
    browser = office.browser("thuong-truc")
    browser.post("/language", language="en", next="/")
    answer = browser.get(f"/steps/{office.step_id('ke-hoach')}")
    assert "<summary>More</summary>" in answer.text  # the menu of further pages
    page = words(answer).replace("Tiếng Việt", "").replace("Đôn Đốc", "")
    own = {"Người", "Kế", "hoạch", "Ngày", "hội", "toàn", "dân"}  # names of the plan and of people under test
    letters = set(string.printable) | set("·…“”–")
    assert not [w for w in page.split() if set(w) - letters and w.strip("“”.,:*") not in own]
