"""Money of an estimate as text."""

from __future__ import annotations

from cube_demper.core.money import format_tenge


def whole(tiyn: int | None) -> str:
    """Show money rounded to whole tenge, as a table of estimates should."""
    if tiyn is None:
        return "—"
    return format_tenge((abs(tiyn) + 50) // 100 * 100 * (-1 if tiyn < 0 else 1))
