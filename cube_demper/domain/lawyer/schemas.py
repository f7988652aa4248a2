"""What a law is made of when it comes in, and what a search gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256


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
        return sha256("\0".join((self.title, self.chapter, self.body)).encode()).hexdigest()


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
