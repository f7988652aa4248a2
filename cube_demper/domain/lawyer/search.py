"""Which articles answer a question: several searches at once, fused by their places.

People do not speak like the law, so a question meets it in five ways: as an article it names, by the
meaning of the articles' pieces, by their words with the law's own put beside the person's, by the phrases of
our index (their meaning and their words) and by what the money engine counts by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx
from cube_demper.domain.lawyer import (
    corpus_queries,
    premises,
    scope,
    search_queries,
    shipped,
    vocabulary,
)
from cube_demper.domain.lawyer.citations import Citation, citations
from cube_demper.domain.lawyer.fusion import fuse
from cube_demper.domain.lawyer.ports import Embedder
from cube_demper.domain.lawyer.schemas import Edition, Found, Hit, Key, Passage

MOST_CHARACTERS: Final = 2000
_LEG: Final = 40
"""So many places of each search are fused."""
_KAZAKH: Final = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)
_WORD: Final = re.compile(r"[\w-]{3,}")
_VOCABULARY_WEIGHT: Final = 0.5
_PREMISE_HITS: Final = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each way of searching counts; 0 switches it off, as the benchmark does to show its gain."""

    pieces: float = 0.3
    words: float = 0.2
    law_words: float = 0.6
    phrases: float = 1.0
    phrase_words: float = 0.4
    norms: float = 0.7
    names: bool = True


DEFAULT: Final = Weights()


_Leg = tuple[float, list[Key]]


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    is_kazakh: bool
    editions: tuple[Edition, ...]
    acts: tuple[str, ...] | None
    words: tuple[tuple[str, float], ...]
    law_words: tuple[tuple[str, float], ...]

    @property
    def documents(self) -> list[UUID]:
        return [it.id for it in self.editions]


async def search(
    tx: ReadTx,
    embedder: Embedder | None,
    question: str,
    *,
    on: date,
    acts: Sequence[str] = (),
    limit: int = 5,
    weights: Weights = DEFAULT,
) -> Found:
    """Return the articles that answer a question, best first.

    `on`: the day whose law is asked for. `acts`: only these law_codes. `embedder`: None searches by words
    alone. Raises InvalidInput for an empty or too long question, and an act that nobody knows.
    """
    asked = await _prepare(tx, question, on, acts)
    cited = citations(asked.question) if weights.names else ()
    named = await _named(tx, cited, asked)
    legs, is_far = await _legs(tx, embedder, asked, weights)
    ranked = fuse(legs)
    first = dict.fromkeys(named, 1.0)
    keys = [*first.items(), *((it, score) for it, score in ranked if it not in first)][:limit]
    passages = await search_queries.read_articles(tx, [it for it, _ in keys], asked.documents)
    hits = tuple(_hit(key, score, passages.get(key)) for key, score in keys)
    is_strange = is_far and not named and not vocabulary.money_norms(asked.question)
    return Found(hits, _refusal(asked, cited, named, hits, is_strange), _notes(asked, on, hits))


async def _prepare(tx: ReadTx, question: str, on: date, acts: Sequence[str]) -> _Asked:
    text = " ".join(question.replace("\0", " ").split())
    if not text:
        raise InvalidInput("Напишите вопрос.")
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"Вопрос длиннее {MOST_CHARACTERS} знаков. Сократите его.")
    editions = await search_queries.editions_of(tx, on, acts or None)
    unknown = (
        set(acts) - {it.law_code for it in editions} - {it.law_code for it in shipped.known_acts()}
    )
    if unknown:
        raise InvalidInput(f"Закона {', '.join(sorted(unknown))} в базе нет.")
    is_kazakh = bool(_KAZAKH.search(text))
    words = _prefixes(text) if is_kazakh else _exact(await search_queries.lexemes_of(tx, text), 1.0)
    said = vocabulary.law_words(text)
    law = _exact(await search_queries.lexemes_of(tx, said), _VOCABULARY_WEIGHT) if said else ()
    return _Asked(text, is_kazakh, tuple(editions), tuple(acts) or None, words, law)


def _exact(lexemes: Sequence[str], weight: float) -> tuple[tuple[str, float], ...]:
    return tuple((f"'{it.replace(chr(39), chr(39) * 2)}'", weight) for it in lexemes)


def _prefixes(text: str) -> tuple[tuple[str, float], ...]:
    """Cut Kazakh words, for which Postgres has no dictionary, to what their endings leave alone."""
    stems = {it.lower()[: max(4, len(it) - 3)] for it in _WORD.findall(text)}
    return tuple((f"'{it}':*", 1.0) for it in sorted(stems))


async def _legs(
    tx: ReadTx, embedder: Embedder | None, asked: _Asked, weights: Weights
) -> tuple[list[_Leg], bool]:
    """Search in every way that counts, without vectors by words alone; say too whether all is far off."""
    legs: list[_Leg] = []
    is_far = False
    if embedder is not None and (weights.pieces or weights.phrases):
        legs, is_far = await _by_meaning(tx, embedder, asked, weights)
    words = (*asked.words, *(asked.law_words if weights.law_words else ()))
    for weight, wanted in ((weights.words, words), (weights.law_words, asked.law_words)):
        if weight and wanted and asked.editions:
            found = await search_queries.articles_by_words(tx, wanted, asked.documents, _LEG)
            legs.append((weight, found))
    if weights.phrase_words:
        found = await search_queries.phrases_by_words(tx, words, asked.acts, _LEG)
        legs.append((weights.phrase_words, found))
    if weights.norms:
        norms = vocabulary.money_norms(asked.question)
        legs.append((weights.norms, [it for it in norms if not asked.acts or it[0] in asked.acts]))
    return legs, is_far


async def _by_meaning(
    tx: ReadTx, embedder: Embedder, asked: _Asked, weights: Weights
) -> tuple[list[_Leg], bool]:
    vector = (await embedder.questions([asked.question]))[0]
    has_pgvector = await corpus_queries.has_pgvector(tx)
    if has_pgvector:
        await search_queries.widen_search(tx)
    legs: list[_Leg] = []
    if weights.pieces and asked.editions:
        found = await search_queries.nearest_articles(
            tx, vector, embedder.name, asked.documents, has_pgvector=has_pgvector, limit=_LEG
        )
        legs.append((weights.pieces, found))
    if not weights.phrases:
        return legs, False
    found, distance = await search_queries.nearest_phrases(
        tx, vector, embedder.name, asked.acts, has_pgvector=has_pgvector, limit=_LEG
    )
    legs.append((weights.phrases, found))
    if asked.acts or distance is None or embedder.far is None:
        return legs, False  # what is far from some acts may be near to others
    return legs, distance > embedder.far


async def _named(tx: ReadTx, cited: Sequence[Citation], asked: _Asked) -> list[Key]:
    """Return the articles that the question names and that exist, imported or in our index."""
    known = [it.law_code for it in shipped.known_acts()]
    wanted = [(code, it.number) for it in cited for code in it.law_codes or known]
    if asked.acts:
        wanted = [it for it in wanted if it[0] in asked.acts]
    there = await search_queries.read_articles(tx, wanted, asked.documents)
    return [it for it in wanted if it in there or shipped.entry_of(*it)]


def _refusal(
    asked: _Asked,
    cited: Sequence[Citation],
    named: Sequence[Key],
    hits: Sequence[Hit],
    is_strange: bool,
) -> str:
    """Say in words why nothing here answers, or what the question wrongly takes for granted."""
    if reason := scope.outside(asked.question):
        return reason
    numbers = {number for _, number in named}
    missing = [it for it in cited if it.law_codes and it.number not in numbers]
    if missing:
        return f"Статьи {missing[0].number} в этом законе нет."
    if is_strange or not hits:
        return scope.NO_NORM
    return premises.doubt(asked.question, [_said(it) for it in hits[:_PREMISE_HITS]])


def _said(hit: Hit) -> str:
    return f"{hit.summary}\n{hit.passage.body if hit.passage else ''}"


def _notes(asked: _Asked, on: date, hits: Sequence[Hit]) -> tuple[str, ...]:
    shown = {it.passage.act: it.passage for it in hits if it.passage}
    notes = [
        f"{act}: редакции на {on:%d.%m.%Y} в базе нет, показана от {it.edition:%d.%m.%Y}."
        for act, it in shown.items()
        if it.edition > on
    ]
    if not asked.editions:
        notes.append("Тексты законов не загружены, ищем по нашему указателю: cube legal import.")
    return tuple(notes)


def _hit(key: Key, score: float, passage: Passage | None) -> Hit:
    law_code, number = key
    entry, act = shipped.entry_of(law_code, number), shipped.act_of(law_code)
    return Hit(
        law_code=law_code,
        number=number,
        score=round(score, 4),
        title=passage.title if passage else entry.title if entry else "",
        act=passage.act if passage else act.title if act else law_code,
        summary=entry.summary if entry else "",
        url=passage.url if passage else act.url if act else "",
        passage=passage,
    )
