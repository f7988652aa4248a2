"""SQL of the corpus: editions, their articles, vectors still to be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.lawyer.schemas import Act, Corpus
from cube_demper.models.law import LegalArticle, LegalDocument

_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Unembedded:
    """An article without vectors of the present embedder."""

    id: UUID
    title: str
    chapter: str
    body: str


async def lock_act(tx: WriteTx, law_code: str) -> None:
    """Let one import of an act at a time go on."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('legal_documents'), hashtext(:code))"),
        {"code": law_code},
    )


async def find_edition(tx: ReadTx, act: Act) -> LegalDocument | None:
    """Return the same edition of the act, if we have it."""
    found: LegalDocument | None = await tx.scalar(
        select(LegalDocument).where(
            col(LegalDocument.law_code) == act.law_code,
            col(LegalDocument.language) == act.language,
            col(LegalDocument.edition) == act.edition,
        )
    )
    return found


async def add_edition(tx: WriteTx, act: Act) -> UUID:
    """Write the edition, without articles."""
    document = LegalDocument(
        law_code=act.law_code,
        language=act.language,
        title=act.title,
        number=act.number,
        edition=act.edition,
        url=act.url,
        digest=act.digest,
    )
    tx.add(document)
    await tx.flush()
    return document.id


async def add_articles(tx: WriteTx, document_id: UUID, act: Act) -> None:
    """Write the articles in their order; nothing of them is embedded."""
    rows = [
        {
            "document_id": document_id,
            "number": it.number,
            "position": position,
            "language": act.language,
            "title": it.title,
            "chapter": it.chapter,
            "body": it.body,
            "notes": it.notes,
            "is_repealed": it.is_repealed,
            "digest": it.digest,
        }
        for position, it in enumerate(act.articles, start=1)
    ]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        await tx.execute(insert(LegalArticle), rows[start : start + _ROWS_AT_ONCE])


async def set_aside(tx: WriteTx, document_id: UUID) -> None:
    """Make room for an edition of the same day; its articles stay until their vectors are taken over."""
    await tx.execute(
        update(LegalDocument).where(col(LegalDocument.id) == document_id).values(edition=date.min)
    )


async def drop_edition(tx: WriteTx, document_id: UUID) -> None:
    """Remove an edition with its articles and vectors."""
    await tx.execute(delete(LegalDocument).where(col(LegalDocument.id) == document_id))


_KEEP_VECTORS: Final = text("""
WITH same AS (
    SELECT DISTINCT ON (fresh.id) fresh.id AS fresh_id, old.id AS old_id,
        old.embedding, old.embed_model
    FROM legal_articles fresh
    JOIN legal_articles old ON old.digest = fresh.digest AND old.document_id <> fresh.document_id
    WHERE fresh.document_id = :document_id AND old.embed_model IS NOT NULL
    ORDER BY fresh.id, old.updated_at DESC
), passages AS (
    INSERT INTO legal_passages (article_id, number, embedding)
    SELECT same.fresh_id, it.number, it.embedding
    FROM same JOIN legal_passages it ON it.article_id = same.old_id
)
UPDATE legal_articles it SET embedding = same.embedding, embed_model = same.embed_model
FROM same WHERE it.id = same.fresh_id
""")


async def keep_vectors(tx: WriteTx, document_id: UUID) -> int:
    """Give articles that did not change the vectors of any other edition; return how many."""
    done: Any = await tx.execute(_KEEP_VECTORS, {"document_id": document_id})
    return int(done.rowcount)


_ORDER_EDITIONS: Final = text("""
UPDATE legal_documents it SET superseded_on = next_edition.edition
FROM (
    SELECT id, lead(edition) OVER (ORDER BY edition) AS edition FROM legal_documents
    WHERE law_code = :law_code AND language = :language
) AS next_edition
WHERE it.id = next_edition.id AND it.superseded_on IS DISTINCT FROM next_edition.edition
""")


async def order_editions(tx: WriteTx, law_code: str, language: str) -> None:
    """Say of each edition of an act when the next one took its place."""
    await tx.execute(_ORDER_EDITIONS, {"law_code": law_code, "language": language})


async def list_unembedded(tx: ReadTx, model: str, limit: int) -> list[Unembedded]:
    """Return articles without this model's vectors: acts in the order they came, newest editions first."""
    rows = await tx.execute(
        select(
            col(LegalArticle.id),
            col(LegalArticle.title),
            col(LegalArticle.chapter),
            col(LegalArticle.body),
        )
        .join(LegalDocument, col(LegalDocument.id) == col(LegalArticle.document_id))
        .where(
            col(LegalArticle.embed_model).is_distinct_from(model),
            col(LegalArticle.is_repealed).is_(False),
        )
        .order_by(
            col(LegalDocument.superseded_on).is_not(None),
            col(LegalDocument.created_at),
            col(LegalArticle.position),
        )
        .limit(limit)
    )
    return [Unembedded(*row) for row in rows.tuples()]


_TAKE_FIRST: Final = text("""
UPDATE legal_articles SET embedding = CAST(:embedding AS real[]), embed_model = :model
WHERE id = :article_id
""")
_ADD_PASSAGE: Final = text("""
INSERT INTO legal_passages (article_id, number, embedding)
SELECT id, :number, CAST(:embedding AS real[]) FROM legal_articles WHERE id = :article_id
""")


async def take_vectors(
    tx: WriteTx, model: str, vectors: Mapping[UUID, Sequence[Sequence[float]]]
) -> None:
    """Write the vectors of articles, the first piece's first; an article that is gone is left out."""
    await tx.execute(
        text("DELETE FROM legal_passages WHERE article_id = ANY(:ids)"), {"ids": list(vectors)}
    )
    for article_id, pieces in vectors.items():
        await tx.execute(
            _TAKE_FIRST, {"embedding": list(pieces[0]), "model": model, "article_id": article_id}
        )
        for number, piece in enumerate(pieces[1:], start=2):
            await tx.execute(
                _ADD_PASSAGE, {"article_id": article_id, "number": number, "embedding": list(piece)}
            )


_CORPUS: Final = text("""
SELECT (SELECT count(*) FROM legal_documents WHERE superseded_on IS NULL),
    (SELECT count(*) FROM legal_articles WHERE NOT is_repealed),
    (SELECT count(*) FROM legal_articles
        WHERE NOT is_repealed AND embed_model IS DISTINCT FROM :model),
    (SELECT count(*) FROM legal_phrases),
    (SELECT count(*) FROM legal_phrases WHERE embed_model IS DISTINCT FROM :model)
""")


async def count_corpus(tx: ReadTx, model: str) -> Corpus:
    """Count what there is and what has no vectors of `model`."""
    row = (await tx.execute(_CORPUS, {"model": model})).one()
    return Corpus(*(int(it) for it in row))


async def has_pgvector(tx: ReadTx) -> bool:
    """Tell whether vectors are of pgvector's type; else they are plain numbers, compared row by row."""
    return bool(
        await tx.scalar(
            text(
                "SELECT data_type = 'USER-DEFINED' FROM information_schema.columns"
                " WHERE table_name = 'legal_articles' AND column_name = 'embedding'"
                " AND table_schema = ANY (current_schemas(false))"
            )
        )
    )
