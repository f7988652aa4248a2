"""A question that takes something for granted: does the law that was found say so? Pure, without a model.

Only what can be counted is checked: «раз на возврат 60 дней, …» beside articles that speak of fourteen
days. A claim is doubted when the articles name amounts of that unit and none of them is the claimed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

_CLAIMS: Final = re.compile(
    r"^раз\s|(?<!\w)(?:верно|правильно|разве|почему|всегда|значит|ведь|же)(?!\w)"
    r"|(?<!\w)так\?|закон\s+(?:да[её]т|обязывает|требует|разрешает)|^по\s+(?:закону|кодексу|тк|гк|коап)(?!\w)",
    re.IGNORECASE,
)
_UNITS: Final = {
    "день": r"(?:календарн\w+\s+|рабоч\w+\s+)?(?:дн[яеёй]\w*|день|суток|сутки)",
    "неделя": r"недел\w+",
    "месяц": r"месяц\w*",
    "год": r"(?:год[ау]?|лет|года[х]?)(?!\w)",
    "час": r"час(?:а|ов|ам)?(?!\w)",
    "процент": r"(?:%|процент\w*)",
}
_UNIT_NAMES: Final = {
    "день": "дни", "неделя": "недели", "месяц": "месяцы", "год": "годы", "час": "часы", "процент": "проценты",
}  # fmt: skip
_TEENS: Final = (
    "десят[ьи]", "одиннадцат", "двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат",
    "семнадцат", "восемнадцат", "девятнадцат",
)  # fmt: skip
_TENS: Final = (
    "двадцат", "тридцат", "сорок", "пят(?:ь|и)десят", "шест(?:ь|и)десят", "сем(?:ь|и)десят",
    "восем(?:ь|и)десят", "девяност",
)  # fmt: skip
_ONES: Final = (
    "од(?:ин|н)", "дв(?:а|ух|е|ум)", "тр(?:и|[её]х|ем)", "четыр", "пят", "шест", "сем", "вос[ье]м", "девят",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """«14 дней»."""

    number: float
    unit: str


def doubt(question: str, texts: list[str]) -> str:
    """Return in words what of a question's claim the articles do not say; empty without a doubt."""
    if not _CLAIMS.search(question):
        return ""
    said = {it for text in texts for it in amounts(text)}
    for claimed in amounts(question):
        same_unit = {it for it in said if it.unit == claimed.unit}
        if same_unit and claimed not in same_unit:
            known = ", ".join(f"{it:g}" for it in sorted({it.number for it in same_unit})[:6])
            return (
                f"В найденных статьях этого нет: вы называете {claimed.number:g}, "
                f"а {_UNIT_NAMES[claimed.unit]} там такие: {known}."
            )
    return ""


def amounts(text: str) -> Iterator[Amount]:
    """Go through the amounts with a unit that a text names, in figures or in words."""
    for unit, pattern in _patterns():
        for found in pattern.finditer(text):
            number = _number(found["digits"], found["words"])
            if number is not None:
                yield Amount(number, unit)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    word = rf"(?:{'|'.join((*_TEENS, *_TENS, *_ONES))})\w*"
    number = rf"(?:(?P<digits>\d+(?:[.,]\d+)?)|(?P<words>{word}(?:\s+{word})?))"
    return tuple(
        (unit, re.compile(rf"(?<![\w.,-]){number}(?:-\w+)?[\s-]*{of}", re.IGNORECASE))
        for unit, of in _UNITS.items()
    )


def _number(digits: str | None, words: str | None) -> float | None:
    if digits:
        return float(digits.replace(",", "."))
    return float(sum(_value(it) for it in (words or "").lower().split())) or None


def _value(word: str) -> int:
    """Read one number word; the longest stems first: «пятьдесят» is not «пять»."""
    for first, step, stems in ((20, 10, _TENS), (10, 1, _TEENS), (1, 1, _ONES)):
        for at, stem in enumerate(stems):
            if re.match(stem, word):
                return first + step * at
    return 0
