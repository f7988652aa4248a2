"""What a cell of a report says: a sum, a day, a number of an order. Pure; it never guesses.

A sum that may be thousands or a fraction («1,234») is refused: a wrong reading would be a wrong debt.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import TIYN_IN_TENGE

_UNIT = re.compile(r"(₸|тенге|тг\.?|kzt|т)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_GROUPS = re.compile(r"\d{1,3}([.,]\d{3})+")
_MOST = Decimal(10) ** 12
_EXCEL_DAYS = range(36_526, 73_051)
"""Days of the years 2000–2099 as Excel numbers them."""
_EXCEL_ZERO = date(1899, 12, 30)
_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b|(\d{4})-(\d{1,2})-(\d{1,2})")
_NOTHING = {"", "-", "–", "—", "−"}


@lru_cache(4_096)
def read_sum(cell: str) -> int | None:
    """Read tenge as people and programs write them into tiyn; None for a blank cell.

    Takes «1 234,56», «1234.56», «1,234.56», «(1 234,56)», «−5», «12 ₸». Raises InvalidInput.
    """
    text = re.sub(r"[\s\u00a0\u202f']", "", cell)
    text = _UNIT.sub("", text)
    if text in _NOTHING:
        return None
    is_negative = False
    if text.startswith("(") and text.endswith(")"):
        text, is_negative = text[1:-1], True
    for minus in "-−–":
        if text.startswith(minus) or text.endswith(minus):
            text, is_negative = text.strip(minus), not is_negative
            break
    value = _decimal(text.removeprefix("+"), cell)
    if value >= _MOST:
        raise InvalidInput(f"слишком большая сумма «{cell[:30]}»")
    tiyn = int((value * TIYN_IN_TENGE).quantize(Decimal(1), ROUND_HALF_UP))
    return -tiyn if is_negative else tiyn


def read_day(cell: str) -> date | None:
    """Read «02.11.2026 14:05», «2026-11-02» or Excel's number of a day; None for a blank cell.

    Raises InvalidInput.
    """
    text = cell.strip()
    if text in _NOTHING:
        return None
    number = text.partition(".")[0]
    if number.isdecimal() and number.isascii() and len(number) <= 5 and int(number) in _EXCEL_DAYS:
        return _EXCEL_ZERO + timedelta(days=int(number))
    found = _DATE.search(text)
    if found is None:
        raise InvalidInput(f"не дата: «{cell[:30]}»")
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        if iso_year:
            return date(int(iso_year), int(iso_month), int(iso_day))
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        raise InvalidInput(f"нет такого дня: «{cell[:30]}»") from None


def read_time(cell: str) -> str:
    """Return the time of day that a cell holds as «14:05:09», or "" when there is none."""
    found = re.search(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?", cell)
    if found is None:
        return ""
    return f"{int(found[1]):02d}:{found[2]}:{found[3] or '00'}"


def read_code(cell: str) -> str:
    """Return an order's number as we keep it: no spaces, no «№»."""
    return re.sub(r"[\s\u00a0\u202f№#']", "", cell)[:60]


def period_in(text: str) -> tuple[date, date] | None:
    """Find «с 01.11.2026 по 15.11.2026» in a line above the table."""
    found = list(_DATE.finditer(text))
    if len(found) != 2 or "период" not in text.casefold():
        return None
    try:
        first, last = read_day(found[0].group()), read_day(found[1].group())
    except InvalidInput:
        return None
    return (first, last) if first and last and first <= last else None


def _decimal(text: str, cell: str) -> Decimal:
    """Read an unsigned number. Raises InvalidInput."""
    separators = re.findall(r"[.,]", text)
    plain = re.sub(r"[.,]", "", text)
    if not _DIGITS.fullmatch(plain) or not plain.isascii():
        raise InvalidInput(f"не сумма: «{cell[:30]}»")
    if not separators:
        return Decimal(plain)
    whole, _, part = text.rpartition(separators[-1])
    if len(separators) > 1 and len(set(separators)) == 1:
        if _GROUPS.fullmatch(text):
            return Decimal(plain)
        raise InvalidInput(f"не сумма: «{cell[:30]}»")
    if len(separators) > 1 and not _GROUPS.fullmatch(whole):
        raise InvalidInput(f"не сумма: «{cell[:30]}»")
    is_vague = len(separators) == 1 and len(part) == 3 and whole not in ("", "0")
    if is_vague or not part:
        raise InvalidInput(f"непонятно, тысячи или дробь: «{cell[:30]}»")
    return Decimal(f"{re.sub(r'[.,]', '', whole) or '0'}.{part}")
