"""SQL of the search: the editions of a day, the legs of the retrieval, the articles found.

Every leg gives articles as (law_code, number), best first, from the editions it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from cube_demper.db.session import ReadTx
from cube_demper.domain.lawyer.schemas import Edition, Key, Passage

_EDITIONS: Final = text("""
SELECT DISTINCT ON (law_code, language) id, law_code, language, title, edition, superseded_on, url
FROM legal_documents
WHERE CAST(:acts AS text[]) IS NULL OR law_code = ANY(:acts)
ORDER BY law_code, language, (edition <= :on) DESC,
    CASE WHEN edition <= :on THEN edition END DESC, edition
""")


async def editions_of(tx: ReadTx, on: date, acts: Sequence[str] | None) -> list[Edition]:
    """Return of each act the edition in force on a day; before the first that we have, the first."""
    rows = await tx.execute(_EDITIONS, {"on": on, "acts": list(acts) if acts else None})
    return [Edition(*row) for row in rows]


_NEAREST: Final = """
SELECT d.law_code, a.number FROM (
    SELECT article_id, min(distance) AS distance FROM (
        (SELECT id AS article_id, {distance} AS distance FROM legal_articles
            WHERE document_id = ANY(:documents) AND embed_model = :model AND NOT is_repealed
            ORDER BY {distance} LIMIT :pieces)
        UNION ALL
        (SELECT p.article_id, {passage_distance} FROM legal_passages p
            JOIN legal_articles a ON a.id = p.article_id
            WHERE a.document_id = ANY(:documents) AND a.embed_model = :model
            ORDER BY {passage_distance} LIMIT :pieces)
    ) AS pieces GROUP BY article_id
) AS found JOIN legal_articles a ON a.id = found.article_id JOIN legal_documents d ON d.id = a.document_id
ORDER BY found.distance, d.law_code, a.position LIMIT :limit
"""
# An entry is near when one phrase is, and nearer when its others are too.
_NEAREST_PHRASES: Final = """
SELECT law_code, number, min(distance) FROM (
    SELECT law_code, number, {distance} AS distance FROM legal_phrases
    WHERE embed_model = :model AND (CAST(:acts AS text[]) IS NULL OR law_code = ANY(:acts))
) AS found GROUP BY law_code, number ORDER BY min(distance) + 0.5 * avg(distance) LIMIT :limit
"""
_BY_INDEX: Final = "{column} <=> CAST(CAST(:vector AS real[]) AS vector)"
_BY_HAND: Final = (
    "(SELECT -sum(x * y) FROM unnest({column}, CAST(:vector AS real[])) AS pair (x, y))"
)


def _distance(column: str, *, has_pgvector: bool) -> str:
    return (_BY_INDEX if has_pgvector else _BY_HAND).format(column=column)


async def widen_search(tx: ReadTx) -> None:
    """Have the index look on until enough of what the filters leave is found (pgvector 0.8)."""
    await tx.execute(text("SET LOCAL hnsw.ef_search = 200"))
    await tx.execute(text("SET LOCAL hnsw.iterative_scan = strict_order"))


async def nearest_articles(
    tx: ReadTx, vector: Sequence[float], model: str, documents: Sequence[UUID], *,
    has_pgvector: bool, limit: int,
) -> list[Key]:  # fmt: skip
    """Find articles whose nearest piece is near the question."""
    sql = _NEAREST.format(
        distance=_distance("embedding", has_pgvector=has_pgvector),
        passage_distance=_distance("p.embedding", has_pgvector=has_pgvector),
    )
    given = {"vector": list(vector), "model": model, "documents": list(documents)}
    return await _keys(tx, sql, given | {"pieces": 3 * limit, "limit": limit})


async def nearest_phrases(
    tx: ReadTx, vector: Sequence[float], model: str, acts: Sequence[str] | None, *,
    has_pgvector: bool, limit: int,
) -> tuple[list[Key], float | None]:  # fmt: skip
    """Find entries of the index whose phrases are near the question, and how near the nearest phrase is.

    0 is the same direction, 1 a right angle; None without vectors. All of the few thousand are compared.
    """
    sql = _NEAREST_PHRASES.format(distance=_distance("embedding", has_pgvector=has_pgvector))
    given = {"vector": list(vector), "model": model, "acts": list(acts) if acts else None}
    rows = (await tx.execute(text(sql), given | {"limit": limit})).all()
    return [(row[0], row[1]) for row in rows], min((float(row[2]) for row in rows), default=None)


_LEXEMES: Final = text("SELECT lexeme FROM unnest(to_tsvector('russian', :question))")


async def lexemes_of(tx: ReadTx, question: str) -> list[str]:
    """Return a question's words as the Russian dictionary keeps them, without the empty ones."""
    return list((await tx.scalars(_LEXEMES, {"question": question})).all())


# Postgres ranks without asking how rare a word is; here a word weighs as in BM25.
_BY_WORDS: Final = """
WITH asked AS (
    SELECT DISTINCT ON (word) word, weight, CAST(word AS tsquery) AS query
    FROM unnest(CAST(:words AS text[]), CAST(:weights AS real[])) AS given (word, weight)
    ORDER BY word, weight DESC
), hit AS (
    SELECT a.id, a.document_id, a.number, a.position, asked.word, asked.weight,
        ts_rank('{{0.05, 0.2, 0.3, 1.0}}', a.words, asked.query, 1) AS rank
    FROM asked JOIN legal_articles a ON a.words @@ asked.query
    WHERE a.document_id = ANY(:documents) AND NOT a.is_repealed
), rarity AS (
    SELECT word, ln(1 + CAST(:articles AS real) / count(*)) AS rarity FROM hit GROUP BY word
)
SELECT d.law_code, hit.number
FROM hit JOIN rarity USING (word) JOIN legal_documents d ON d.id = hit.document_id
GROUP BY hit.id, d.law_code, hit.number, hit.position
ORDER BY sum(hit.weight * rarity.rarity * rarity.rarity * sqrt(hit.rank)) DESC, d.law_code, hit.position
LIMIT :limit
"""
_PHRASES_BY_WORDS: Final = """
WITH asked AS (
    SELECT DISTINCT ON (word) word, weight, CAST(word AS tsquery) AS query
    FROM unnest(CAST(:words AS text[]), CAST(:weights AS real[])) AS given (word, weight)
    ORDER BY word, weight DESC
), hit AS (
    SELECT p.id, p.law_code, p.number, length(p.words) AS length, asked.word, asked.weight
    FROM asked JOIN legal_phrases p ON p.words @@ asked.query
    WHERE CAST(:acts AS text[]) IS NULL OR p.law_code = ANY(:acts)
), rarity AS (
    SELECT word, ln(1 + (SELECT count(*) FROM legal_phrases) / CAST(count(*) AS real)) AS rarity
    FROM hit GROUP BY word
), scored AS (
    SELECT law_code, number, sum(weight * rarity * rarity) / sqrt(2 + max(length)) AS score
    FROM hit JOIN rarity USING (word) GROUP BY id, law_code, number
)
SELECT law_code, number FROM scored GROUP BY law_code, number
ORDER BY max(score) + 0.2 * sum(score) DESC, law_code, number LIMIT :limit
"""


async def articles_by_words(
    tx: ReadTx, words: Sequence[tuple[str, float]], documents: Sequence[UUID], limit: int
) -> list[Key]:
    """Find articles by any of the words, each a tsquery with its weight: rare ones and titles count most."""
    given = _given(words) | {"documents": list(documents), "articles": 3000, "limit": limit}
    return await _keys(tx, _BY_WORDS.replace("{{", "{").replace("}}", "}"), given)


async def phrases_by_words(
    tx: ReadTx, words: Sequence[tuple[str, float]], acts: Sequence[str] | None, limit: int
) -> list[Key]:
    """Find entries of the index by any of the words."""
    given = _given(words) | {"acts": list(acts) if acts else None, "limit": limit}
    return await _keys(tx, _PHRASES_BY_WORDS, given)


def _given(words: Sequence[tuple[str, float]]) -> dict[str, Any]:
    return {"words": [it for it, _ in words], "weights": [it for _, it in words]}


async def _keys(tx: ReadTx, sql: str, given: dict[str, Any]) -> list[Key]:
    return [(row[0], row[1]) for row in await tx.execute(text(sql), given)]


_ARTICLES: Final = text("""
SELECT d.law_code, a.number, a.title, a.chapter, a.body, a.is_repealed, a.id, d.edition,
    d.superseded_on, d.title, d.url
FROM unnest(CAST(:codes AS text[]), CAST(:numbers AS text[])) AS wanted (law_code, number)
JOIN legal_documents d ON d.law_code = wanted.law_code AND d.id = ANY(:documents)
JOIN legal_articles a ON a.document_id = d.id AND a.number = wanted.number
ORDER BY d.language DESC
""")


async def read_articles(
    tx: ReadTx, keys: Sequence[Key], documents: Sequence[UUID]
) -> dict[Key, Passage]:
    """Return the texts of articles in these editions; in Russian, where both languages are there."""
    rows = await tx.execute(
        _ARTICLES,
        {
            "codes": [it for it, _ in keys],
            "numbers": [it for _, it in keys],
            "documents": list(documents),
        },
    )
    found: dict[Key, Passage] = {}
    for row in rows:
        found.setdefault((row[0], row[1]), Passage(*row))
    return found
