"""Root works on no data folder of another user: files that it left there had kept the service from its nightly backup."""

import errno
import os
import pwd
from pathlib import Path

import pytest

from cli.common import explained, settings_for
from engine.errors import Unavailable
from wiring.owner import refuse_root

SOMEBODY = os.getuid() or pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A data folder that is not root's."""
    if os.getuid() == 0:
        os.chown(tmp_path, SOMEBODY, -1)
    return tmp_path


def test_root_is_told_as_whom_to_run_it(theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", "data")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Unavailable) as refused:
        settings_for(theirs)
    assert f"runuser -u {pwd.getpwuid(SOMEBODY).pw_name} -- " in refused.value.hint.en


def test_its_owner_and_whoever_makes_the_folder_go_on(theirs: Path) -> None:
    refuse_root(theirs, uid=SOMEBODY)
    refuse_root(theirs / "not there yet", uid=0)


def test_an_owner_whom_this_machine_does_not_know_is_let_be(theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    refuse_root(theirs, uid=0)


@pytest.mark.parametrize(("number", "unit"), [(errno.EACCES, False), (errno.EROFS, True)])
def test_a_file_that_may_not_be_written_is_named(number: int, unit: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, explained():
        raise OSError(number, "no", "/srv/dondoc")
    said = capsys.readouterr().err
    assert ended.value.code == 6 and "/srv/dondoc is closed to this process." in said and ("ReadWritePaths=" in said) is unit


def test_other_faults_of_the_system_stay_what_they_are() -> None:
    with pytest.raises(OSError, match="wires"), explained():
        raise OSError(errno.EIO, "wires")
