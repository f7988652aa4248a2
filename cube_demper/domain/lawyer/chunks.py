"""What of an article is embedded: pieces with their heading, so that each says what it is about.

An embedder of 512 tokens sees the first 1,600 characters of a text, and a long text gives a vector of
nothing in particular. So an article is cut at its paragraphs, and every piece carries the article's
title and chapter. What says the same in a thousand articles (how large the fine is for whom) is left out of
the embedded text only: it makes all offences alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

CHUNK_CHARACTERS: Final = 900
"""Body of one piece; with its heading it fits into 512 tokens of Russian (about 3.3 characters each)."""

_SANCTION: Final = re.compile(r"^(влеч[её]т|влекут|наказыва)", re.IGNORECASE)
_CHAPTER_NUMBER: Final = re.compile(
    r"^(глава|раздел|подраздел|параграф|§)\s*[\d.\-]+\.?\s*", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"(?<=[.;:!?])\s+")


def chunks_of(title: str, chapter: str, text: str) -> tuple[str, ...]:
    """Return the texts to embed for one article, at least one."""
    heading = _heading(title, chapter)
    bodies = list(_bodies(text)) or [""]
    return tuple(f"{heading}\n{body}".strip() for body in bodies)


def _heading(title: str, chapter: str) -> str:
    """Return the title after the innermost chapter's name, capitals lowered: they cost tokens."""
    inner = _CHAPTER_NUMBER.sub("", chapter.rsplit(" / ", 1)[-1]).strip()
    if inner.isupper():
        inner = inner.capitalize()
    return ". ".join(part.rstrip(".") for part in (inner, title.strip()) if part)


def _bodies(text: str) -> Iterator[str]:
    """Join paragraphs until a piece is full; only a paragraph that is too long itself is cut."""
    piece = ""
    for paragraph in _paragraphs(text):
        if piece and len(piece) + len(paragraph) + 1 > CHUNK_CHARACTERS:
            yield piece
            piece = ""
        piece = f"{piece}\n{paragraph}" if piece else paragraph
    if piece:
        yield piece


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.splitlines():
        paragraph = line.strip()
        if not paragraph or _SANCTION.match(paragraph):
            continue
        if len(paragraph) <= CHUNK_CHARACTERS:
            yield paragraph
        else:
            yield from _cut(paragraph)


def _cut(paragraph: str) -> Iterator[str]:
    """Cut a long paragraph between sentences, and a sentence that is still too long anywhere."""
    part = ""
    for sentence in _SENTENCE.split(paragraph):
        if part and len(part) + len(sentence) + 1 > CHUNK_CHARACTERS:
            yield part
            part = ""
        part = f"{part} {sentence}" if part else sentence
        while len(part) > CHUNK_CHARACTERS:
            yield part[:CHUNK_CHARACTERS]
            part = part[CHUNK_CHARACTERS:]
    if part:
        yield part
