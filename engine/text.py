"""A text in the two languages of the product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the two languages of the product."""

    vi: str
    en: str = ""

    def in_(self, language: str) -> str:
        """The text in ``language`` ("vi" or "en"); Vietnamese where English is missing."""
        return self.en if language == "en" and self.en else self.vi
