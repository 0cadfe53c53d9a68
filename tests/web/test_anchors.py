"""The pages of the journal's anchors: for those who read everything, to print and to keep as a file."""

import json

from services.anchors import take_anchor
from tests.factories import at
from tests.services.mailing import SITE
from tests.web.office import DAY, Office, words


def test_an_auditor_finds_prints_and_keeps_an_anchor(office: Office):
    browser = office.browser("giam-sat")
    assert "Chưa có neo nào" in words(browser.get("/journal/anchors"))
    taken = take_anchor(office.db, now=at(DAY), site=SITE)
    assert taken is not None
    assert taken.hash in words(browser.get("/journal/anchors"))
    page = words(browser.get("/journal/anchors/1"))
    assert taken.hash in page and "workflow:1" in page and "neo-1.json" in page
    file = browser.get("/journal/anchors/1/file")
    assert json.loads(file.text) == taken.as_file()
    assert file.headers["content-disposition"] == 'attachment; filename="neo-1.json"'
    assert browser.get("/journal/anchors/2").status_code == 404


def test_others_do_not(office: Office):
    for login in ("huyen-01", "quan-tri", "nguoi-la"):
        assert office.browser(login).get("/journal/anchors").status_code == 403
