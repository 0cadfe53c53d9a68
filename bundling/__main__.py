"""Makes the bundle: ``python -m bundling [FOLDER]``. Needs the package index once, to fetch the locked wheels for this platform."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from bundling import licences, sums
from bundling.contents import copy, release_name, tracked_files, wanted
from bundling.lock import for_every_patch
from wiring.settings import CHECKOUT

PACKAGING = CHECKOUT / "packaging"


def main(out: Path) -> Path:
    """Make the archive in ``out`` with its sum beside it; the archive."""
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    release = release_name(CHECKOUT, version)
    name = f"dondoc-{release}-py{sys.version_info.major}{sys.version_info.minor}-{platform.machine()}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dondoc-bundle-") as folder:
        root = Path(folder) / name
        fill(root, release)
        archive = pack(root, out / f"{name}.tar.gz")
    (out / f"{archive.name}.sha256").write_text(f"{sums.sum_of(archive)}  {archive.name}\n", encoding="utf-8")
    return archive


def fill(root: Path, release: str) -> None:
    """Everything that goes into the archive: application, wheels, licences, installer, manifest, sums."""
    copy(CHECKOUT, wanted(tracked_files(CHECKOUT)), root / "app")
    for file in sorted(PACKAGING.iterdir()):
        shutil.copy2(file, root / file.name)
    fetch(root / "wheels")
    licences.write(sorted((root / "wheels").glob("*.whl")), root / "licences")
    (root / "MANIFEST").write_text(manifest(release), encoding="utf-8")
    sums.write(root)


def manifest(release: str) -> str:
    """What the installer must know, as lines that a shell reads."""
    return f"release={release}\nneeds_python={sys.version_info.major}.{sys.version_info.minor}\nneeds_machine={platform.machine()}\n"


def fetch(wheels: Path) -> None:
    """The wheels of the lock, each against its hash, also those that only another patch release of this Python needs. Raises
    CalledProcessError where one cannot be had for this platform."""
    wheels.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary"]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".lock") as lock:
        lock.write(for_every_patch((CHECKOUT / "requirements.lock").read_text(encoding="utf-8")))
        lock.flush()
        subprocess.run([*command, ":all:", "--require-hashes", "--requirement", lock.name, "--dest", str(wheels)], check=True)


def pack(root: Path, archive: Path) -> Path:
    """The folder as one archive, owned by nobody in particular; it takes its name when it is whole."""
    unfinished = archive.with_name(f"{archive.name}.unfinished")
    with tarfile.open(unfinished, "w:gz", compresslevel=6) as tar:
        tar.add(root, root.name, filter=nobodys)
    unfinished.replace(archive)
    return archive


def nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The entry without the one who made it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1] if len(sys.argv) > 1 else CHECKOUT / 'build'))}\n")
