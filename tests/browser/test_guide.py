"""The users' guide shows the pages as they are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.database import Database
from tests.browser.guide import FOLDER, PICTURES, SHOTS, WORDS, Camera, demonstration
from tests.browser.served import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
NAMES = [shot.name for shot in SHOTS]


@pytest.fixture
def camera(lived_in: Database, chromium: Browser) -> Iterator[Camera]:
    """In front of a copy of the demonstration."""
    assert lived_in.file
    with demonstration(lived_in.file.parent) as demo, served(demo) as base:
        yield Camera(chromium, base, demo.db)


def test_no_picture_shows_what_is_no_longer_so(camera: Camera, tmp_path: Path):
    kept = json.loads(WORDS.read_text(encoding="utf-8"))
    stale = [shot.name for shot in SHOTS if camera.words(shot) != kept.get(shot.name)]
    assert not stale, f"run: make guide (and look at {stale})"
    assert camera.take(SHOTS[0], tmp_path).read_bytes()[:4] == b"\x89PNG"


def test_every_picture_stands_in_the_guide_and_every_one_there_is_taken():
    pages = "".join(page.read_text(encoding="utf-8") for page in sorted(FOLDER.glob("*.md")))
    shown = re.findall(r"anh/([\w-]+)\.png", pages)
    assert sorted(set(shown)) == sorted(NAMES) == sorted(path.stem for path in PICTURES.glob("*.png"))
    assert sorted(json.loads(WORDS.read_text(encoding="utf-8"))) == sorted(NAMES)


def test_every_picture_says_what_is_on_it():
    for page in FOLDER.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"!\[\]|<img(?![^>]*alt=\"[^\"]+\")[^>]*>", text), page.name
