"""What finds the right article: each step's gain, by questions that people ask (`legal_questions.txt`).

Those kept apart and those written when nothing was changed any more (`--fresh`: these alone); `--tuning`
asks those that the search was tuned on, `--misses` lists what failed.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import mean, median

from cube_demper.db.session import Database
from cube_demper.domain.lawyer.search import DEFAULT, Weights, search
from tests.benchmarks._law import LAWS, KeptEmbedder, Question, library, questions
from tests.benchmarks._stage import print_table

_STEPS = (
    ("words alone", Weights(0, 1, 0, 0, 0, 0, names=False)),
    ("vectors of pieces with headings", Weights(1, 0, 0, 0, 0, 0, names=False)),
    ("+ articles named by number", Weights(1, 0, 0, 0, 0, 0)),
    ("+ words of the articles", Weights(1, 0.3, 0, 0, 0, 0)),
    ("+ the law's words for people's", Weights(0.7, 0.2, 0.6, 0, 0, 0)),
    ("+ words of the index", replace(DEFAULT, phrases=0, norms=0)),
    ("+ meaning of the index", replace(DEFAULT, norms=0)),
    ("+ the money engine's norms", DEFAULT),
)
_ON = date(2026, 11, 28)
_REFUSED = ("false_premise", "out_of_scope")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: the place of the first right article, 0 for none; seconds; refused."""

    question: Question
    place: int
    seconds: float
    is_refused: bool


async def _ask(db: Database, embedder: KeptEmbedder, question: Question, weights: Weights) -> Asked:
    start = time.perf_counter()
    async with db.read() as tx:
        found = await search(tx, embedder, question.text, on=_ON, limit=20, weights=weights)
    seconds = time.perf_counter() - start
    keys = [(it.law_code, it.number) for it in found.hits]
    place = next((at for at, key in enumerate(keys, 1) if key in question.right), 0)
    return Asked(question, place, seconds, bool(found.refusal))


def _share(asked: Sequence[Asked], most: int) -> str:
    hits = sum(0 < it.place <= most for it in asked)
    return f"{100 * hits / len(asked):.0f} %" if asked else "–"


def _reciprocal(asked: Sequence[Asked]) -> str:
    return f"{mean(1 / it.place if it.place else 0 for it in asked):.2f}"


def _row(name: str, asked: Sequence[Asked]) -> list[str]:
    def of(*kinds: str) -> list[Asked]:
        return [it for it in asked if it.question.kind in kinds]

    answered = [it for it in asked if it.question.kind not in _REFUSED]
    return [
        name,
        _share(answered, 5),
        _share(answered, 20),
        _reciprocal(answered),
        *(_share(of(kind), 5) for kind in ("situation", "kazakh", "lookup", "dated")),
        f"{1000 * median(it.seconds for it in asked):.0f} ms",
    ]


async def _measure(parts: Sequence[str], *, shows_misses: bool) -> None:
    embedder = KeptEmbedder()
    async with library(embedder) as db:
        for part in parts:
            asked_of = [it for it in questions() if it.part == part]
            sys.stdout.write(f"{part}: {len(asked_of)} questions\n")
            await report(db, embedder, asked_of, shows_misses=shows_misses)


async def report(
    db: Database, embedder: KeptEmbedder, asked_of: Sequence[Question], *, shows_misses: bool
) -> None:
    """Ask everything in every way and print."""
    head = ("", "@5", "@20", "MRR", "situation", "kazakh", "lookup", "dated", "a question")
    rows, last = [], list[Asked]()
    for name, weights in _STEPS:
        last = [await _ask(db, embedder, it, weights) for it in asked_of]
        rows.append(_row(name, last))
    print_table(head, rows)
    for kind in _REFUSED:
        of = [it for it in last if it.question.kind == kind]
        sys.stdout.write(f"{kind}: refused {sum(it.is_refused for it in of)} of {len(of)}\n")
    answered = [it for it in last if it.question.kind not in _REFUSED]
    refused = sum(it.is_refused for it in answered)
    sys.stdout.write(f"answerable: refused {refused} of {len(answered)}\n")
    if shows_misses:
        for it in answered:
            if not 0 < it.place <= 5:
                sys.stdout.write(f"  {it.place:>2}  {it.question.kind}: {it.question.text}\n")


def main() -> None:
    """Measure and print; nothing without the official texts."""
    if not LAWS.is_dir():
        sys.stdout.write(f"no laws in {LAWS}\n")
        return
    parts = [it for it in ("tuning", "fresh") if f"--{it}" in sys.argv] or ["held_out", "fresh"]
    asyncio.run(_measure(parts, shows_misses="--misses" in sys.argv))


if __name__ == "__main__":
    main()
