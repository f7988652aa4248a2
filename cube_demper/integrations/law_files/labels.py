"""Which act and which edition a file is: from its name, its head, or what the operator says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cube_demper.domain.lawyer.errors import UnreadableLaw

_CODE: Final = re.compile(r"(?<![A-Za-z0-9])([A-Z]\d{9,10}_?)(?![A-Za-z0-9])", re.IGNORECASE)
_DAY: Final = re.compile(
    r"(?<!\d)(\d{2})[.-](\d{2})[.-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)"
)
_AS_OF: Final = re.compile(r"(?:по состоянию на|жағдай бойынша|редакция от)\s*:?\s*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"№\s*[\w-]+")
_KAZAKH: Final = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator said of a file; empty is to be found out."""

    law_code: str = ""
    edition: date | None = None
    language: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Of which act a file is the text."""

    law_code: str
    edition: date
    language: str
    title: str
    number: str

    @property
    def url(self) -> str:
        """Return the official page."""
        return f"https://adilet.zan.kz/{'kaz' if self.language == 'kk' else 'rus'}/docs/{self.law_code}"


def label(file: str, head: Sequence[str], body: str, given: Given, source: str = "") -> Label:
    """Say which act it is. `source`: an address inside the file. Raises UnreadableLaw saying what to add."""
    top = "\n".join(head[:40])
    code = given.law_code or _code(source) or _code(file)
    if not code:
        raise UnreadableLaw(
            f"{file}: непонятно, какой это закон. Добавьте --code, например --code K940001000_ "
            "(как в адресе на adilet.zan.kz)."
        )
    edition = given.edition or _as_of(top) or _day(file)
    if edition is None:
        raise UnreadableLaw(
            f"{file}: непонятно, какая это редакция. Добавьте --edition ГГГГ-ММ-ДД: день, с которого "
            "действует этот текст."
        )
    language = given.language or _language(body[:5000])
    number = _NUMBER.search(top)
    return Label(
        code, edition, language, given.title or _title(head, code), number[0] if number else ""
    )


def _language(text: str) -> str:
    """Tell Kazakh by its own letters: a tenth of its text, and none of Russian's."""
    return "kk" if len(_KAZAKH.findall(text)) * 50 > len(text) else "ru"


def _code(text: str) -> str:
    found = _CODE.search(text)
    return found[1].upper() if found else ""


def _as_of(text: str) -> date | None:
    days = [day for it in _AS_OF.finditer(text) if (day := _day(text[it.end() : it.end() + 12]))]
    return max(days, default=None)


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    if not found:
        return None
    day, month, year = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _title(head: Sequence[str], code: str) -> str:
    """Return the act's name: the first line of its head that is a name and no stamp."""
    names = (
        it
        for it in head
        if len(it) > 8 and not _DAY.search(it) and not it.startswith(("©", "http"))
    )
    return next(names, code)
