"""Looking at an uploaded file for malware with a program that the office has, such as ClamAV's ``clamdscan --fdpass --no-summary``."""

from __future__ import annotations

import logging
import shlex
import subprocess
from functools import lru_cache
from pathlib import Path

from engine.definition import Text
from engine.errors import Invalid, Unavailable
from services.attachments import Scan

WITHIN_S = 120
CLEAN, INFECTED = 0, 1
log = logging.getLogger("dondoc.scan")


@lru_cache(maxsize=4)
def scanner(command: str) -> Scan | None:
    """The scan that runs ``command`` with the file's path behind it; None for "". It ends with 0 for clean, with 1 for harmful."""
    if not command:
        return None
    words = tuple(shlex.split(command))
    return lambda path: _scan(words, path)


def _scan(words: tuple[str, ...], path: Path) -> None:
    """Raise `Invalid` for a harmful file, `Unavailable` where the program gave no answer: a file that was not looked at is not kept."""
    try:
        done = subprocess.run([*words, str(path)], stdin=subprocess.DEVNULL, capture_output=True, timeout=WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        log.exception("the scanner does not answer")
        raise _no_answer() from problem
    if done.returncode == INFECTED:
        raise Invalid(
            Text(
                "Tệp có mã độc theo trình quét của cơ quan; không nhận.",
                "The office's scanner calls this file harmful; it is not accepted.",
            ),
            code="file-harmful",
            field="files",
        )
    if done.returncode != CLEAN:
        log.error("the scanner ended with %s", done.returncode)
        raise _no_answer()


def _no_answer() -> Unavailable:
    return Unavailable(
        Text("Chưa quét được tệp; chưa nhận.", "The file could not be scanned; it was not accepted."),
        code="file-not-scanned",
        hint=Text("Thử lại sau, hoặc báo người quản trị.", "Try again later, or tell an administrator."),
    )
