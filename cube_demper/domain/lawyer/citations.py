"""«ст. 353 ГК» and all its spellings, Russian and Kazakh: which articles a question names itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from cube_demper.domain.lawyer.shipped import KnownAct, known_acts

_NUMBER: Final = r"№?\s*(\d{1,4}(?:-\d{1,2})?)"
_RUSSIAN: Final = re.compile(
    rf"(?<!\w)(?:стать[а-яё]{{1,3}}|ст)\.?\s*{_NUMBER}(?!\d)", re.IGNORECASE
)
_BEFORE: Final = re.compile(
    r"(?<![\w-])(\d{1,4}(?:-\d{1,2})?)(?:-?[а-яё]{1,3})?\s+стать", re.IGNORECASE
)
_KAZAKH: Final = re.compile(r"(?<![\w-])(\d{1,4}(?:-\d{1,2})?)\s*[-–]?\s*ба[пб]", re.IGNORECASE)
_CODE: Final = re.compile(r"(?<!\w)([A-Z]\d{9,10}_?)(?!\w)", re.IGNORECASE)
_LEADING: Final = re.compile(
    r"(?<![\w-])(\d{1,4}(?:-\d{1,2})?)(?![\w%]|-\w|\s*(?:дн|тенге|тг|лет|мес|час))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Citation:
    """An article that was named; `law_codes`: where it may be, empty when no act was named."""

    number: str
    law_codes: tuple[str, ...]


def citations(question: str) -> tuple[Citation, ...]:
    """Return the named articles in their order, each once."""
    text = " ".join(question.replace("\u00a0", " ").split())
    acts = named_acts(text)
    numbers = [it for pattern in (_RUSSIAN, _BEFORE, _KAZAKH) for it in pattern.findall(text)]
    if not numbers and acts and len(text.split()) <= 4:
        numbers = _LEADING.findall(_CODE.sub(" ", text))  # «коап 190»
    return tuple(
        Citation(it, tuple(act.law_code for act in acts if _may_hold(act, it)))
        for it in dict.fromkeys(numbers)
    )


def named_acts(text: str) -> tuple[KnownAct, ...]:
    """Return the acts that a text names, by a name or a code."""
    codes = {it.upper() for it in _CODE.findall(text)}
    return tuple(
        act for act in known_acts() if act.law_code in codes or _names(act.law_code).search(text)
    )


@cache
def _names(law_code: str) -> re.Pattern[str]:
    act = next(it for it in known_acts() if it.law_code == law_code)
    names = "|".join(re.escape(it) for it in sorted(act.names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)


def _may_hold(act: KnownAct, number: str) -> bool:
    return act.first <= int(number.partition("-")[0]) <= act.last


def codes_of(names: Sequence[str]) -> list[str]:
    """Return the law_codes of acts given by code or by name; a name that nobody knows stays as it is."""
    found = []
    for name in names:
        acts = named_acts(name)
        found += [it.law_code for it in acts] or [name]
    return list(dict.fromkeys(found))
