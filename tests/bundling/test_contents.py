"""What a bundle holds: the application and nothing that merely lies in the checkout, every licence, and sums that tell a change."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bundling import licences, sums
from bundling.__main__ import manifest, pack
from bundling.contents import copy, tracked_files, wanted
from bundling.lock import for_every_patch
from tests.architecture.sources import CHECKOUT, ROOMS


def test_every_room_and_what_it_needs_goes_along_and_nothing_else():
    names = wanted(tracked_files(CHECKOUT))
    assert {name.partition("/")[0] for name in names} >= {*ROOMS, "docs", "prefect.yaml", "pyproject.toml", "requirements.lock"}
    assert "web/static/pages.css" in names and "models/migrations/versions/0001_first_tables.py" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "data/", ".env", ".git", ".venv"))]


def test_what_no_commit_knows_stays_here(tmp_path: Path) -> None:
    for command in (["init", "-q"], ["add", "known"]):
        (tmp_path / "known").write_text("a")
        (tmp_path / ".env").write_text("DONDOC_SMTP_PASSWORD=secret")
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert tracked_files(tmp_path) == ["known"]


def wheel(file: Path, metadata: str, **texts: str) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("lib-1.0.dist-info/METADATA", metadata)
        for name, text in texts.items():
            archive.writestr(f"lib-1.0.dist-info/licenses/{name}", text)
    return file


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ("Name: lib\nVersion: 1.0\nLicense-Expression: MIT\n", "MIT"),
        ("Name: lib\nVersion: 1.0\nClassifier: License :: OSI Approved :: BSD License\n", "BSD License"),
        ("Name: lib\nVersion: 1.0\nLicense: Apache 2.0\n        and more\n", "Apache 2.0"),
        ("Name: lib\nVersion: 1.0\n", "see its text"),
    ],
)
def test_each_library_brings_its_licence(tmp_path: Path, metadata: str, name: str) -> None:
    licences.write([wheel(tmp_path / "lib-1.0-py3-none-any.whl", metadata, LICENSE="All of it.", METADATA="no")], tmp_path / "out")
    assert f"| lib | 1.0 | {name} |" in (tmp_path / "out" / "README.md").read_text()
    assert (tmp_path / "out" / "lib-1.0" / "licenses-LICENSE").read_text() == "All of it."


def test_what_is_no_wheel_is_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.whl", "w") as archive:
        archive.writestr("x", "")
    with pytest.raises(ValueError, match=r"bad\.whl"):
        licences.write([tmp_path / "bad.whl"], tmp_path / "out")


@pytest.mark.parametrize(("marker", "goes_along"), [("< '{}.1'", True), (">= '{}.98'", True), ("< '{}.0'", False), (">= '9.0'", False)])
def test_what_another_patch_release_of_python_needs_goes_along(marker: str, goes_along: bool) -> None:
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    lock = f"lib==1.0 ; python_full_version {marker.format(minor)} \\\n    --hash=sha256:00\nother==2.0 \\\n    --hash=sha256:11\n"
    bare = "lib==1.0 \\\n    --hash=sha256:00\nother==2.0 \\\n    --hash=sha256:11\n"
    assert for_every_patch(lock) == (bare if goes_along else lock)


def test_the_usual_program_reads_the_sums(tmp_path: Path) -> None:
    copy(CHECKOUT, ["engine/__init__.py", "pyproject.toml"], tmp_path / "b")
    (tmp_path / "b" / "Đôn đốc.txt").write_text("ngày hội")
    sums.write(tmp_path / "b")
    check = ["sha256sum", "--check", "--quiet", "--strict", sums.NAME]
    assert subprocess.run(check, cwd=tmp_path / "b", check=False).returncode == 0
    (tmp_path / "b" / "pyproject.toml").write_text("changed")
    assert subprocess.run(check, cwd=tmp_path / "b", capture_output=True, check=False).returncode == 1


def test_an_archive_is_nobodys_and_whole_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "MANIFEST").write_text(manifest("1.0-abc"))
    archive = pack(tmp_path / "b", tmp_path / "b.tar.gz")
    listed = subprocess.run(["tar", "tvzf", str(archive)], capture_output=True, text=True, check=True).stdout
    assert "root/root" in listed and "b/MANIFEST" in listed
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []
