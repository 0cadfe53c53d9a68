"""One orchestrator per data folder: two would wake every flow run twice and take each other's runs for dead."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.definition import Text
from engine.errors import Unavailable


class InstanceLock:
    """Holds ``path`` locked while it lives. The kernel lets go of it when the process dies, however it dies.

    The file keeps the holder's process id, for the message that a second one gives.
    """

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock at once; `Unavailable` naming the holder if it is taken."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "?"
            os.close(descriptor)
            raise Unavailable(
                Text(
                    f"{self.what} đã chạy với thư mục dữ liệu này (tiến trình {holder}).",
                    f"{self.what} already runs on this data folder (process {holder}).",
                ),
                code="already-running",
                hint=Text("Dừng tiến trình đó, hoặc đặt DONDOC_DATA khác.", "Stop that process, or set another DONDOC_DATA."),
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        self._descriptor = descriptor
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let go. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
