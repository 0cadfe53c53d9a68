"""Forms as they come in, read to their end even where their files find no place: what was typed beside them is known then.

A file beyond the limits, or for which the disk has no room, goes by unkept, and those before it are given up at once.
"""

from __future__ import annotations

import errno
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from engine.errors import StorageFull
from web.limits import TooLarge

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
MAX_FIELDS = 1000  # closing a cycle of many units asks three things of each step
MAX_FILES = 10
MAX_TEXT = 64 * 1024  # bytes of one text field
MOST_TEXT = 16 * 1024 * 1024  # bytes of all text fields beside files
FILES = "multipart/form-data"
TEXTS = "application/x-www-form-urlencoded"
Given = TypeVar("Given")
Item = tuple[str, str | UploadFile]


class TextReader(FormParser):
    """Reads a form without files. ``whole``: it was read to its end; ``refused``: why nothing may come of it all the same."""

    whole = False
    refused: Exception | None = None

    def __init__(self, request: Request, *, waits: bool) -> None:
        super().__init__(request.headers, body_of(request, self, waits=waits), max_fields=MAX_FIELDS, max_part_size=MAX_TEXT)

    def came(self) -> list[Item]:
        """What has come so far."""
        return self._items

    def let_go(self, why: Exception) -> None:
        """Raise ``why``: there are no files that could go by."""
        raise why


class FileReader(MultiPartParser):
    """Reads a form with files. ``whole`` and ``refused`` as in `TextReader`; ``keeps``: whether files are kept, or go by."""

    whole = False
    refused: Exception | None = None

    def __init__(self, request: Request, *, keeps: bool, waits: bool) -> None:
        body = body_of(request, self, waits=waits)
        super().__init__(request.headers, body, max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_TEXT)
        self.keeps, self._typed = keeps, 0

    def came(self) -> list[Item]:
        """What has come so far, a file that broke off in its middle too."""
        part = self._current_part
        coming = part.file is not None and all(value is not part.file for _, value in self.items)
        return [*self.items, (part.field_name, part.file)] if coming and part.file else self.items

    def let_go(self, why: Exception) -> None:
        """From here on files go by, because of ``why``; those that came are given up."""
        self.refused, self.keeps = self.refused or why, False
        self._give_up()

    def _give_up(self) -> None:
        for file in self._files_to_close_on_error:
            with suppress(OSError):  # its last bytes, still in memory, find no room either: they are not wanted
                file.close()

    def on_headers_finished(self) -> None:
        """A part begins: a file is written through `Incoming`."""
        super().on_headers_finished()
        if self._current_part.file is not None:
            self._current_part.file = Incoming(self._current_part.file, self)
            if not self.keeps:
                self._give_up()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Bytes of a part. Raises `MultiPartException` for more text than memory is spent on."""
        if self._current_part.file is None:
            self._typed += end - start
            if self._typed > MOST_TEXT:
                raise MultiPartException("Too much text.")
        super().on_part_data(data, start, end)


class Incoming(UploadFile):
    """A file as ``reader`` takes it in, or lets it go by."""

    def __init__(self, upload: UploadFile, reader: FileReader) -> None:
        super().__init__(upload.file, size=0, filename=upload.filename, headers=upload.headers)
        self._reader = reader

    async def write(self, data: bytes) -> None:
        """Keep ``data``."""
        await self._kept(super().write, data)

    async def seek(self, offset: int) -> None:
        """Make ready to be read, which writes what is still in memory."""
        await self._kept(super().seek, offset)

    async def _kept(self, do: Callable[[Given], Coroutine[Any, Any, None]], given: Given) -> None:
        """``do`` it, unless files go by. Where there is no room for it, they do from here on."""
        if not self._reader.keeps:
            return
        try:
            await do(given)
        except OSError as problem:
            if problem.errno not in NO_ROOM:
                raise
            self._reader.let_go(StorageFull())


class NothingToRead:
    """A body that is no form at all."""

    whole = True
    refused: Exception | None = None

    def came(self) -> list[Item]:
        """Nothing."""
        return []

    async def parse(self) -> FormData:
        """An empty form."""
        return FormData()


async def body_of(request: Request, reader: TextReader | FileReader, *, waits: bool) -> AsyncGenerator[bytes, None]:
    """The parts of the body of ``request``; where there are too many, ``reader`` is told to let files go by if it ``waits``."""
    more = True
    while more:
        try:
            message = await request.receive()
        except TooLarge as problem:
            if problem.part is None or not waits:
                raise
            reader.let_go(problem)
            message = problem.part
        if message["type"] == "http.disconnect":
            raise ClientDisconnect()
        yield message.get("body", b"")
        more = message.get("more_body", False)
    reader.whole = True


Reader = TextReader | FileReader | NothingToRead


def reader_of(request: Request, *, keeps: bool, waits: bool) -> Reader:
    """Who reads the form of ``request``. ``keeps``: its files are wanted; ``waits``: one that is too large may be read to its end."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FILES:
        return FileReader(request, keeps=keeps, waits=waits)
    return TextReader(request, waits=waits) if kind == TEXTS else NothingToRead()
