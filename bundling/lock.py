"""What the lock wants of any patch release of this Python: the machine without a network may have an older or a newer one than ours."""

from __future__ import annotations

import sys

from packaging.markers import Marker

PATCHES = ("0", "99")
"""The oldest, and one newer than any: a marker that holds somewhere holds at one of these or at ours."""


def for_every_patch(lock: str) -> str:
    """``lock``, the text of a hashed lock, with the markers taken away that hold for some patch release, so that these wheels go along too.
    Other markers stay and mean what they mean here."""
    return "\n".join(map(_unmarked, lock.split("\n")))


def _unmarked(line: str) -> str:
    requirement, semicolon, marker = line.partition(" ; ")
    if not semicolon or not _holds_somewhere(Marker(marker.removesuffix("\\").strip())):
        return line
    return f"{requirement} \\" if line.endswith("\\") else requirement


def _holds_somewhere(marker: Marker) -> bool:
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    return marker.evaluate() or any(marker.evaluate({"python_full_version": f"{minor}.{patch}"}) for patch in PATCHES)
