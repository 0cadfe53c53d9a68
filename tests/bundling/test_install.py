"""The installer: a changed archive is refused, a backup comes before the migration, a failed one is undone, and one can go back.

Python's part is played by a script that writes down what it was asked; the whole thing with real wheels is run by hand.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bundling import sums
from bundling.__main__ import PACKAGING, manifest

PYTHON = f"""#!/bin/sh
[ "$1" = -m ] || exec {sys.executable} "$@"
[ "$2" = venv ] || exit 0
mkdir -p "$3/bin"
printf '#!/bin/sh\\nexit 0\\n' > "$3/bin/python"
cat > "$3/bin/dondoc" <<'SAYS'
#!/bin/sh
told="$(basename "$(dirname "$(dirname "$(dirname "$0")")")") $*"
echo "$told" >> "$TOLD"
case "$told" in ${{FAILS:-nothing}}*) exit 6 ;; esac
SAYS
chmod +x "$3/bin/python" "$3/bin/dondoc"
"""


@dataclass
class Machine:
    """Where things are installed; ``told`` is what the program was asked to do, release by release."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "data").mkdir()
        (self.folder / "python").write_text(PYTHON)
        (self.folder / "python").chmod(0o755)
        (self.folder / "prefix").mkdir()
        (self.folder / "prefix" / "dondoc.env").write_text(f"DONDOC_DATA={self.folder / 'data'}\n")

    def bundle(self, release: str) -> Path:
        root = self.folder / release
        (root / "app").mkdir(parents=True)
        (root / "app" / "requirements.lock").write_text("")
        for file in PACKAGING.iterdir():
            shutil.copy2(file, root)
        (root / "MANIFEST").write_text(manifest(release))
        sums.write(root)
        return root

    def run(self, release: str, *arguments: str, fails: str = "") -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHON": str(self.folder / "python"), "TOLD": str(self.folder / "told"), "FAILS": fails}
        command = [str(self.folder / release / "install.sh"), "--prefix", str(self.folder / "prefix"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")

    @property
    def told(self) -> list[str]:
        file = self.folder / "told"
        return file.read_text().replace(f"{self.folder}/", "").splitlines() if file.exists() else []

    @property
    def current(self) -> str:
        link = self.folder / "prefix" / "current"
        return link.readlink().name if link.is_symlink() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    found = Machine(tmp_path)
    found.bundle("1.0-a")
    found.bundle("1.1-b")
    return found


def test_a_first_installation(machine: Machine) -> None:
    answer = machine.run("1.0-a")
    assert answer.returncode == 0, answer.stderr
    assert machine.current == "1.0-a" and machine.told == ["1.0-a migrate"]
    assert (machine.folder / "prefix/current/.env").resolve() == machine.folder / "prefix/dondoc.env"


def test_a_backup_by_the_old_release_comes_before_the_new_ones_migration(machine: Machine) -> None:
    machine.run("1.0-a")
    answer = machine.run("1.1-b")
    assert answer.returncode == 0, answer.stderr
    assert machine.told[1:] == ["1.0-a backup data/before-1.1-b.zip", "1.1-b migrate"]
    assert machine.current == "1.1-b"
    assert machine.run("1.1-b").stdout == "1.1-b is installed already.\n" and len(machine.told) == 3


def test_without_a_backup_nothing_is_migrated(machine: Machine) -> None:
    machine.run("1.0-a")
    assert machine.run("1.1-b", fails="1.0-a backup").returncode != 0
    assert machine.current == "1.0-a" and "1.1-b migrate" not in machine.told


def test_a_failed_migration_is_undone(machine: Machine) -> None:
    machine.run("1.0-a")
    answer = machine.run("1.1-b", fails="1.1-b migrate")
    assert answer.returncode == 1 and "1.0-a goes on as before" in answer.stderr
    assert machine.told[-1] == "1.0-a restore data/before-1.1-b.zip --force" and machine.current == "1.0-a"


def test_after_a_failed_migration_the_same_release_is_tried_again(machine: Machine) -> None:
    machine.run("1.0-a")
    (machine.folder / "data/before-1.1-b.zip").write_text("of the first try")
    machine.run("1.1-b", fails="1.1-b migrate")
    assert machine.run("1.1-b").returncode == 0 and machine.current == "1.1-b"
    kept = sorted((machine.folder / "data").glob("before-1.1-b-until-*.zip"))
    assert [file.read_text() for file in kept] == ["of the first try"]


def test_a_migration_that_was_cut_off_goes_on_from_the_backup_that_was_made(machine: Machine) -> None:
    machine.run("1.0-a")
    machine.bundle("1.2-c")
    (machine.folder / "prefix/.upgrading").write_text("1.1-b\n")  # its migration was killed: the older release reads the data no more
    answer = machine.run("1.2-c", fails="1.0-a migrate")
    assert answer.returncode == 1 and "The upgrade to 1.1-b was cut off" in answer.stderr and machine.current == "1.0-a"
    assert machine.run("1.1-b", fails="1.0-a migrate").returncode == 0
    assert machine.current == "1.1-b" and "1.0-a backup" not in str(machine.told) and machine.told[-1] == "1.1-b migrate"


def test_a_migration_that_was_cut_off_can_be_undone(machine: Machine) -> None:
    machine.run("1.0-a")
    (machine.folder / "prefix/.upgrading").write_text("1.1-b\n")
    answer = machine.run("1.0-a", "--rollback", fails="1.0-a migrate")
    assert answer.returncode == 0 and "cut off is undone" in answer.stdout and machine.current == "1.0-a"
    assert machine.told[-1] == "1.0-a restore data/before-1.1-b.zip --force" and not (machine.folder / "prefix/.upgrading").exists()


def test_an_upgrade_that_was_cut_off_before_its_migration_begins_anew(machine: Machine) -> None:
    machine.run("1.0-a")
    (machine.folder / "prefix/.upgrading").write_text("1.1-b\n")  # people went on with the older release since
    assert machine.run("1.1-b").returncode == 0
    assert (
        machine.told[-2:] == ["1.0-a backup data/before-1.1-b.zip", "1.1-b migrate"] and not (machine.folder / "prefix/.upgrading").exists()
    )


def test_going_back_keeps_the_data_where_the_older_release_reads_them(machine: Machine) -> None:
    machine.run("1.0-a")
    machine.run("1.1-b")
    assert machine.run("1.1-b", "--rollback").returncode == 0
    assert machine.current == "1.0-a" and machine.told[-1] == "1.0-a migrate"
    assert "no release to go back to" in machine.run("1.1-b", "--rollback").stderr


def test_going_back_before_a_migration_is_never_done_by_the_way(machine: Machine) -> None:
    machine.run("1.0-a")
    machine.run("1.1-b")
    answer = machine.run("1.1-b", "--rollback", fails="1.0-a migrate")
    assert answer.returncode == 1 and "--with-data" in answer.stderr and machine.current == "1.1-b"
    assert machine.run("1.1-b", "--rollback", "--with-data").returncode == 0
    assert machine.current == "1.0-a" and machine.told[-1] == "1.0-a restore data/before-1.1-b.zip --force"


def test_what_was_changed_is_refused(machine: Machine) -> None:
    (machine.folder / "1.0-a/app/requirements.lock").write_text("evil==1.0\n")
    answer = machine.run("1.0-a")
    assert answer.returncode == 1 and "app/requirements.lock: FAILED" in answer.stdout and "changed or is damaged" in answer.stderr
    assert machine.current == "" and machine.told == []


def test_what_was_slipped_in_is_refused(machine: Machine) -> None:
    (machine.folder / "1.0-a/app/sitecustomize.py").write_text("import evil\n")
    answer = machine.run("1.0-a")
    assert answer.returncode == 1 and "did not bring" in answer.stderr and machine.told == []


def test_another_python_is_refused(machine: Machine) -> None:
    file = machine.folder / "1.0-a/MANIFEST"
    file.write_text(file.read_text().replace("needs_python=", "needs_python=2."))
    sums.write(machine.folder / "1.0-a")
    answer = machine.run("1.0-a")
    assert answer.returncode == 1 and "This archive is for Python 2." in answer.stderr and machine.current == ""


def test_a_running_application_is_not_touched(machine: Machine) -> None:
    lock = machine.folder / "data/up.lock"
    with subprocess.Popen(["flock", str(lock), "sleep", "60"], start_new_session=True) as running:
        subprocess.run(["sh", "-c", f"while flock -n {lock} true; do sleep 0.05; done"], check=True, timeout=20)
        answer = machine.run("1.0-a")
        os.killpg(running.pid, 9)
    assert answer.returncode == 1 and "systemctl stop dondoc" in answer.stderr and machine.told == []


def test_an_installation_that_was_cut_off_is_made_anew(machine: Machine) -> None:
    half = machine.folder / "prefix/releases/1.0-a"
    half.mkdir(parents=True)
    (half / "half").write_text("")
    assert machine.run("1.0-a").returncode == 0
    assert not (half / "half").exists() and (half / ".whole").exists()
