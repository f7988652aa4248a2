"""Laws come in by edition; their vectors follow, batch by batch, from wherever the work was left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import Database, ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.lawyer import corpus_queries as queries
from cube_demper.domain.lawyer import phrases
from cube_demper.domain.lawyer.chunks import chunks_of
from cube_demper.domain.lawyer.ports import Embedder
from cube_demper.domain.lawyer.schemas import Act, Corpus, Imported

_ARTICLES_AT_ONCE: Final = 8
"""Some 15 pieces, a few seconds of one core: so much is done again after a kill."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the vectors are: `done` of `total` articles and phrases that had none at the start."""

    done: int
    total: int


async def import_act(tx: WriteTx, actor: Actor, act: Act) -> Imported:
    """Write an edition in place of the same one that we have; other editions stay, each for its days.

    It is found by its words as soon as this is committed. An article whose text did not change keeps the
    vectors of whichever edition has it. Raises PermissionDenied for anybody but the system and an admin,
    InvalidInput for an act without articles or with two of one number.
    """
    _check_may(actor)
    _check_articles(act)
    await queries.lock_act(tx, act.law_code)
    before = await queries.find_edition(tx, act)
    if before is not None and before.digest == act.digest:
        return Imported(
            act.law_code,
            act.title,
            act.edition,
            len(act.articles),
            len(act.articles),
            is_unchanged=True,
        )
    if before is not None:
        await queries.set_aside(tx, before.id)
    document_id = await queries.add_edition(tx, act)
    await queries.add_articles(tx, document_id, act)
    kept = await queries.keep_vectors(tx, document_id)
    if before is not None:
        await queries.drop_edition(tx, before.id)
    await queries.order_editions(tx, act.law_code, act.language)
    await audit.record(
        tx, actor, "law_imported", "law", act.law_code,
        edition=act.edition.isoformat(), articles=len(act.articles),
    )  # fmt: skip
    return Imported(act.law_code, act.title, act.edition, len(act.articles), kept)


async def embed(db: Database, actor: Actor, embedder: Embedder) -> AsyncIterator[Progress]:
    """Make every vector that is missing, the index's phrases first; each batch is kept at once.

    May be killed and run again, or twice at a time: whoever comes second writes the same.
    Raises PermissionDenied for anybody but the system and an admin, and what the embedder raises.
    """
    _check_may(actor)
    async with db.write() as tx:
        await phrases.take_shipped(tx)
    async with db.read() as tx:
        left = await queries.count_corpus(tx, embedder.name)
    done, total = 0, left.unembedded + left.unembedded_phrases
    yield Progress(done, total)
    async for count in phrases.embed(db, embedder):
        done += count
        yield Progress(done, total)
    while count := await _embed_some(db, embedder):
        done += count
        yield Progress(done, max(done, total))


async def corpus(tx: ReadTx, model: str) -> Corpus:
    """Count laws, articles and phrases, and those without vectors of `model`."""
    return await queries.count_corpus(tx, model)


async def is_indexed(tx: ReadTx) -> bool:
    """Tell whether pgvector compares the vectors; else every one is compared by hand."""
    return await queries.has_pgvector(tx)


async def _embed_some(db: Database, embedder: Embedder) -> int:
    async with db.read() as tx:
        articles = await queries.list_unembedded(tx, embedder.name, _ARTICLES_AT_ONCE)
    if not articles:
        return 0
    pieces = [chunks_of(it.title, it.chapter, it.body) for it in articles]
    vectors = iter(await embedder.passages([text for texts in pieces for text in texts]))
    by_article = {
        article.id: [next(vectors) for _ in texts]
        for article, texts in zip(articles, pieces, strict=True)
    }
    async with db.write() as tx:
        await queries.take_vectors(tx, embedder.name, by_article)
    return len(articles)


def _check_may(actor: Actor) -> None:
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied


def _check_articles(act: Act) -> None:
    numbers = [it.number for it in act.articles]
    if not numbers:
        raise InvalidInput(f"{act.law_code}: ни одной статьи.")
    twice = sorted({it for it in numbers if numbers.count(it) > 1})
    if twice:
        raise InvalidInput(f"{act.law_code}: статья {twice[0]} встречается дважды.")
