"""Refusals of the lawyer."""

from __future__ import annotations

from cube_demper.core.errors import InvalidInput


class UnreadableLaw(InvalidInput):
    """Файл не удалось разобрать на статьи."""

    code = "unreadable_law"
