"""What comes with the program: the acts a seller meets and our index of their important articles.

`data/acts.csv` names the acts. `data/index/<law_code>.txt` has an entry an article: a line «# number title»,
what it says in our own words, then how people ask for it, a phrase a line: «- » Russian, «+ » Kazakh.
The law's own sentences are not in there; they are imported, and the entry links to the official text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import StringIO


@dataclass(frozen=True, slots=True)
class KnownAct:
    """An act: `names` is how people call it, lower case.

    Articles `first`…`last` belong to it, where parts of one code are two documents.
    """

    law_code: str
    short: str
    title: str
    names: tuple[str, ...]
    first: int
    last: int

    @property
    def url(self) -> str:
        """Return the official text."""
        return f"https://adilet.zan.kz/rus/docs/{self.law_code}"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of the index: `summary` in our words, the phrases by language."""

    law_code: str
    number: str
    title: str
    summary: str
    russian: tuple[str, ...]
    kazakh: tuple[str, ...]


@cache
def known_acts() -> tuple[KnownAct, ...]:
    """Read the acts, once in a process."""
    return tuple(
        KnownAct(
            law_code=row["law_code"],
            short=row["short"],
            title=row["title"],
            names=tuple(row["names"].split("|")),
            first=int(row["first"] or 0),
            last=int(row["last"] or 100_000),
        )
        for row in csv.DictReader(StringIO(_text("acts.csv")))
    )


@cache
def act_of(law_code: str) -> KnownAct | None:
    """Return the act if we know it."""
    return next((it for it in known_acts() if it.law_code == law_code), None)


@cache
def entries() -> tuple[Entry, ...]:
    """Read the index, once in a process."""
    return tuple(
        entry
        for act in known_acts()
        if (_data() / "index" / f"{act.law_code}.txt").is_file()
        for entry in _entries(act.law_code, _text(f"index/{act.law_code}.txt"))
    )


@cache
def entry_of(law_code: str, number: str) -> Entry | None:
    """Return the index's entry of an article."""
    found = {(it.law_code, it.number): it for it in entries()}
    return found.get((law_code, number))


def _entries(law_code: str, text: str) -> Iterator[Entry]:
    for block in text.split("\n# "):
        head, *lines = block.removeprefix("# ").strip().splitlines()
        number, _, title = head.partition(" ")
        yield Entry(
            law_code=law_code,
            number=number,
            title=title,
            summary=" ".join(it for it in lines if it and it[:2] not in ("- ", "+ ")),
            russian=tuple(it[2:].strip() for it in lines if it.startswith("- ")),
            kazakh=tuple(it[2:].strip() for it in lines if it.startswith("+ ")),
        )


def _data() -> resources.abc.Traversable:
    return resources.files("cube_demper.domain.lawyer") / "data"


def _text(name: str) -> str:
    return (_data() / name).read_text("utf-8")
