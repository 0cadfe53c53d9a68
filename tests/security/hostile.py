"""Texts that nobody means well with, for every field of every form, every body of the API and every address."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection
from typing import Any

MARK = "hx7"  # stands in each text that could become markup
SCRIPT = f"\"><script src=//x>{MARK}</script><img src=x onerror={MARK}()>'"
MEGABYTE = 1024 * 1024

FIELDS: dict[str, str] = {
    "markup": SCRIPT,
    "empty": "",
    "blanks": " \t\u00a0\u3000",
    "zero width": f"{MARK}\u200b\u200d\u2060\ufeff",
    "NUL": f"{MARK}\x00b",
    "control characters": f"{MARK}\x01\x08\x0b\x1b[31m\x7f\x85",
    "line ends": f"{MARK}\r\nBcc: x@example.vn\r\n\r\nb\u2028c\u2029",
    "right to left": f"\u202e{MARK}gpj.exe\u202c\u2066\u2069\u200f",
    "lone surrogate": f"{MARK}\ud800",
    "template": f"{{{{7*7}}}}{{%raw%}}${{7*7}}%(x)s {MARK}",
    "quotes": f"{MARK}'; DROP TABLE step;--\" OR 1=1 \\",
    "path": f"../../../../etc/passwd%00{MARK}",
    "huge number": "9" * 400,
    "endless number": "9" * 5000,
    "negative": "-1",
    "beyond 64 bits": "18446744073709551616",
    "no number": "NaN",
    "infinity": "1e999",
    "digits of others": "٣٤٥²",
    "year 9999": "9999-12-31",
    "year 9999 here": "31/12/9999",
    "year 0": "0000-00-00",
    "no day": "31/02/2024",
    "combined": f"{MARK}" + "o\u0302\u0301" * 2000,
    "beyond the plane": f"{MARK}\U0001f4a3\U000e0001\ufffe\uffff",
    "long": f"{MARK}" + "x" * 60_000,
    "formula": f'=HYPERLINK("http://x","{MARK}")',
    "a megabyte": f"{MARK}" + "x" * MEGABYTE,
}
NESTED = "[" * 5000 + "]" * 5000

# Bodies that are no form: name -> bytes sent as application/json
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "null": b"null",
    "a list": b"[1, 2]",
    "a text": b'"x"',
    "deep": NESTED.encode(),
    "deep inside": b'{"payload": ' + NESTED.encode() + b"}",
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "twice": b'{"payload": {}, "payload": []}',
    "NaN": b'{"expected_version": NaN, "payload": {"round": Infinity}}',
}
VALUES: dict[str, Any] = {
    **FIELDS,
    "number": 10**400,
    "negative number": -(2**63) - 1,
    "float": 1e308,
    "boolean": True,
    "nothing at all": None,
    "object": {"a": {"b": [SCRIPT]}},
    "list": [[], [None], "x", -1],
}

# What stands in an address in the place of a number or a word, as it is sent.
PLACES = (
    "%00", "%FF%ED%A0%80", "-1", "99999999999999999999", "1e9", "%E2%80%AE", "..%2F..%2Fetc%2Fpasswd", "%D9%A3", f"%3Cscript%3E{MARK}",
)  # fmt: skip

ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
SHEET = (
    f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "{"z" * 10}">{ENTITIES}<!ENTITY out SYSTEM "file:///etc/passwd">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&e8;&out;</t></is></c></row></sheetData></worksheet>'
)
"""A sheet whose one cell is a gigabyte of letters, and a file of the server."""


def workbook(sheet: str) -> bytes:
    """A workbook whose only sheet is the XML ``sheet``."""
    from openpyxl import Workbook

    made, found = io.BytesIO(), io.BytesIO()
    Workbook().save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
        target.writestr("plan.yaml", "plan: {number: 1/KH}  # " + sheet)  # as a pack it would be read too
    return found.getvalue()


def spoilt(whole: bytes, *, locked: bool) -> bytes:
    """A packed file that says it is encrypted, or whose bytes are not what they say."""
    found = bytearray(whole)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(mark)
        while at >= 0:
            found[at + flags] |= locked
            if not locked and mark == b"PK\x03\x04":
                found[at + 45 : at + 60] = b"\xff" * 15
            at = found.find(mark, at + 4)
    return bytes(found)


# Files: name, content, the type that it is said to have.
FILES: dict[str, tuple[str, bytes, str]] = {
    "path and letters from right to left": ("../../\u202egpj.exe\x00.pdf", b"%PDF-1.7\n" + SCRIPT.encode(), "application/pdf"),
    "markup in its name": (f"{SCRIPT}.pdf", b"%PDF-1.7\n", "text/html"),
    "no archive": ("a.zip", b"PK\x03\x04" + b"\x00" * 100, "application/zip"),
    "no workbook": ("a.xlsx", b"PK\x05\x06" + b"\x00" * 18, "application/octet-stream"),
    "a workbook of entities": ("a.xlsx", workbook(SHEET), "application/octet-stream"),
    "a locked workbook": ("a.xlsx", spoilt(workbook("<x/>"), locked=True), "application/octet-stream"),
    "a locked pack": ("a.zip", spoilt(workbook("<x/>"), locked=True), "application/zip"),
    "a spoilt workbook": ("a.xlsx", spoilt(workbook("<x/>"), locked=False), "application/octet-stream"),
    "a spoilt pack": ("a.zip", spoilt(workbook("<x/>"), locked=False), "application/zip"),
    "a table": ("a.csv", f"\ufeff{SCRIPT};=1+1\n\x00;".encode() + b"\xff", "text/csv"),
    "nothing": ("a.pdf", b"", "application/pdf"),
    "without a name": ("", b"x", ""),
}


def body(names: Collection[str], value: Any) -> bytes:
    """An object in which everything is ``value``, also inside a payload; escaped, so that a lone surrogate gets through."""
    flat: dict[str, Any] = dict.fromkeys(names, value)
    return json.dumps({**flat, "payload": flat} if "payload" in names else flat, allow_nan=True).encode()
