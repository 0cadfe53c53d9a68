"""Logs: one line of JSON each, on standard error, for whatever gathers them.

A line tells which code failed and with which kind of error, not with which words: those may quote what somebody wrote. At level ``debug``
they are there.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

QUIET = ("uvicorn", "uvicorn.error", "httpx", "prefect")


class JsonLines(logging.Formatter):
    """``in_words``: with an error's own words."""

    def __init__(self, *, in_words: bool) -> None:
        super().__init__()
        self.in_words = in_words

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; ``extra={"fields": …}`` stands beside the message."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            kind, error, trace = record.exc_info
            line["error"] = kind.__name__ if kind else ""
            line["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
            if self.in_words:
                line["words"] = str(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logs(level: str) -> None:
    """Send every log of this process to standard error in this form. Libraries speak from warnings on, we from ``level`` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(in_words=level == "debug"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("dondoc").setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel("DEBUG" if level == "debug" else "WARNING")
