"""What every reader of a text gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The paragraphs in their order; `source`: an address that the file names as its own."""

    lines: tuple[str, ...]
    source: str = ""
