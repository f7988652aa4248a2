"""What a law is made of when it comes in, and what a search gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article as a file gave it. `chapter`: every heading above it, joined by « / »."""

    number: str
    title: str
    chapter: str
    body: str
    notes: str = ""
    is_repealed: bool = False

    @property
    def digest(self) -> str:
        """Return what changes with whatever is embedded."""
        return sha256(f"{self.title}\0{self.chapter}\0{self.body}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Act:
    """One edition of an act in one language (ru | kk). `edition`: the day its text came into force."""

    law_code: str
    language: str
    title: str
    number: str
    edition: date
    url: str
    articles: tuple[ArticleText, ...]

    @property
    def digest(self) -> str:
        """Return what changes with anything that was read."""
        whole = repr((self.title, self.number, self.url, self.articles))
        return sha256(whole.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `articles` are in the edition now, `kept` of them with the vectors they had."""

    law_code: str
    title: str
    edition: date
    articles: int
    kept: int
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is in the database, for `cube doctor` and progress."""

    acts: int
    articles: int
    unembedded: int
    phrases: int
    unembedded_phrases: int


Key = tuple[str, str]
"""(law_code, number of the article)."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition that a search looks into."""

    id: UUID
    law_code: str
    language: str
    title: str
    edition: date
    superseded_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class Passage:
    """An article as it stands in an edition."""

    law_code: str
    number: str
    title: str
    chapter: str
    body: str
    is_repealed: bool
    article_id: UUID
    edition: date
    superseded_on: date | None
    act: str
    url: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found. `score`: 1 is first by every measure; it ranks and promises nothing.

    `passage` is None where only our index has the article and its act is not imported.
    """

    law_code: str
    number: str
    score: float
    title: str
    act: str
    summary: str
    url: str
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives. `refusal`: why nothing here answers the question, in words; empty: something does.

    `notes`: what the reader has to know besides, such as an edition that is not of the day asked for.
    """

    hits: tuple[Hit, ...]
    refusal: str = ""
    notes: tuple[str, ...] = ()
