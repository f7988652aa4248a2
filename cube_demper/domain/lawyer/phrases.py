"""The index's phrases in the database: found by their words at once, by meaning when embedded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.lawyer import shipped
from cube_demper.domain.lawyer.ports import Embedder
from cube_demper.models.law import LawLanguage, LegalPhrase

_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class _Phrase:
    law_code: str
    number: str
    language: str
    phrase: str


def shipped_phrases() -> Iterator[_Phrase]:
    """Go through the index: titles and what an article says are phrases too."""
    for entry in shipped.entries():
        russian = (entry.title, entry.summary, *entry.russian)
        for phrase in dict.fromkeys(it for it in russian if it):
            yield _Phrase(entry.law_code, entry.number, LawLanguage.RU, phrase)
        for phrase in dict.fromkeys(entry.kazakh):
            yield _Phrase(entry.law_code, entry.number, LawLanguage.KK, phrase)


_DROP_FORMER: Final = text("""
DELETE FROM legal_phrases it WHERE NOT EXISTS (
    SELECT FROM unnest(CAST(:codes AS text[]), CAST(:numbers AS text[]), CAST(:phrases AS text[]))
        AS shipped (law_code, number, phrase)
    WHERE (shipped.law_code, shipped.number, shipped.phrase) = (it.law_code, it.number, it.phrase)
)
""")


async def take_shipped(tx: WriteTx) -> None:
    """Bring the table to the shipped index; phrases that stay keep their vectors."""
    wanted = list(shipped_phrases())
    await tx.execute(
        _DROP_FORMER,
        {
            "codes": [it.law_code for it in wanted],
            "numbers": [it.number for it in wanted],
            "phrases": [it.phrase for it in wanted],
        },
    )
    for start in range(0, len(wanted), 500):
        rows = [
            {
                "law_code": it.law_code,
                "number": it.number,
                "language": it.language,
                "phrase": it.phrase,
            }
            for it in wanted[start : start + 500]
        ]
        await tx.execute(insert(LegalPhrase).on_conflict_do_nothing(), rows)


_TAKE: Final = text("""
UPDATE legal_phrases SET embedding = CAST(:embedding AS real[]), embed_model = :model WHERE id = :id
""")


async def embed(db: Database, embedder: Embedder) -> AsyncIterator[int]:
    """Embed what has no vector of this embedder, as questions: they are compared with questions.

    Yields how many each time, after they are kept.
    """
    while True:
        async with db.read() as tx:
            found = await tx.execute(
                select(col(LegalPhrase.id), col(LegalPhrase.phrase))
                .where(col(LegalPhrase.embed_model).is_distinct_from(embedder.name))
                .order_by(col(LegalPhrase.id))
                .limit(_AT_ONCE)
            )
            rows: list[tuple[UUID, str]] = [(it[0], it[1]) for it in found]
        if not rows:
            return
        vectors = await embedder.questions([phrase for _, phrase in rows])
        async with db.write() as tx:
            for (phrase_id, _), vector in zip(rows, vectors, strict=True):
                await tx.execute(
                    _TAKE, {"id": phrase_id, "embedding": vector, "model": embedder.name}
                )
        yield len(rows)
