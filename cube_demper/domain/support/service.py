"""What is done to a chat: the one door for pages. Reading is `reading`, files are `files`."""

from __future__ import annotations

from cube_demper.domain.support.handling import (
    assign,
    close,
    label,
    mark_read,
    rate,
    reopen,
    take,
    transfer,
)
from cube_demper.domain.support.writing import note, write

__all__ = [
    "assign",
    "close",
    "label",
    "mark_read",
    "note",
    "rate",
    "reopen",
    "take",
    "transfer",
    "write",
]
