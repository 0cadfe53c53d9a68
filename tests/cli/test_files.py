"""Destroying a file from the command line: listed, nothing without --yes, never by whoever proposed it."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.common import application
from cli.main import app
from engine.access import Membership
from services.accounts import create_account
from services.attachments import store
from services.purge import propose
from tests.cli.test_calendar import data, told
from tests.factories import AGENCY, at, person
from tests.services.played import Played

__all__ = ["data"]


@pytest.fixture
def stored(data: Path) -> Path:
    """A file of the standing agency's step, which its officer proposes to destroy."""
    with application(data) as context:
        played = Played(context.db)
        for login in ("can-bo", "can-bo-khac"):
            create_account(context.db, login=login, name=login, memberships=[Membership(AGENCY)], roles=("agency",))
        officer = person(1, AGENCY)
        file = store(context.settings.attachments_folder, io.BytesIO(b"%PDF-1.7\n"), name="nham.pdf")
        played.act(officer, "attach", "ke-hoach", payload={"files": [file.as_payload()]})
        propose(context.db, officer, 1, "nhầm hồ sơ", now=at(date(2024, 5, 3)))
    return data


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and len(path.name) == 64]


def test_a_proposal_is_listed_and_confirmed_by_another_person_with_yes_only(stored: Path) -> None:
    assert [(row["number"], row["state"], row["places"]) for row in told(stored, "file", "proposals")] == [(1, "proposed", 1)]
    assert told(stored, "file", "confirm", "1", "--by", "can-bo-khac")["destroyed"] is False
    assert len(files(stored)) == 1
    assert told(stored, "file", "confirm", "1", "--by", "can-bo-khac", "--yes")["destroyed"] is True
    assert files(stored) == [] and told(stored, "file", "proposals")[0]["state"] == "done"
    assert told(stored, "file", "finish") == {"destroyed": []}


@pytest.mark.parametrize(("number", "by"), [("1", "can-bo"), ("1", "khong-ai"), ("2", "can-bo-khac")])
def test_who_proposed_it_and_what_is_not_there_are_refused(stored: Path, number: str, by: str) -> None:
    answer = CliRunner().invoke(app, ["file", "confirm", number, "--by", by, "--yes", "--data", str(stored)])
    assert answer.exit_code != 0 and len(files(stored)) == 1
