"""Plurals as Russian has them, for sentences that services write. Pages use `ui.format`."""

from __future__ import annotations

from datetime import date

from cube_demper.core.money import NBSP

_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def plural(count: int, one: str, few: str, many: str) -> str:
    """Choose the word for a count: 1 товар, 2 товара, 5 товаров, 11 товаров, 21 товар."""
    tens, units = abs(count) % 100, abs(count) % 10
    if units == 1 and tens != 11:
        return one
    return few if 2 <= units <= 4 and not 12 <= tens <= 14 else many


def counted(count: int, one: str, few: str, many: str) -> str:
    """Say a count with its word: «1 205 товаров»."""
    return f"{f'{count:,}'.replace(',', NBSP)}{NBSP}{plural(count, one, few, many)}"


def day_words(on: date) -> str:
    """Say a day of a year that is near: «1 января»."""
    return f"{on.day}{NBSP}{_MONTHS[on.month - 1]}"
