"""Laws in the database: editions replace one another, vectors follow and are kept, a kill loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import law_scene
import pytest
from sqlalchemy import text

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.lawyer import corpus
from cube_demper.domain.lawyer.ports import Vectors
from cube_demper.domain.lawyer.schemas import Act, ArticleText, Imported
from cube_demper.integrations.embeddings.hashed import HashEmbedder


async def _import(db: Database, act: Act) -> Imported:
    async with db.write() as tx:
        return await corpus.import_act(tx, SYSTEM, act)


async def _embed(db: Database, embedder: Any = None) -> corpus.Progress:
    return [it async for it in corpus.embed(db, SYSTEM, embedder or HashEmbedder())][-1]


async def _rows(db: Database, sql: str) -> list[tuple[Any, ...]]:
    async with db.read() as tx:
        return [tuple(it) for it in await tx.execute(text(sql))]


_EDITIONS = "SELECT edition, superseded_on FROM legal_documents ORDER BY edition"
_PIECES = """SELECT it.number, it.embed_model, 1 + count(p.id) FROM legal_articles it
    LEFT JOIN legal_passages p ON p.article_id = it.id GROUP BY it.id ORDER BY position"""


async def test_text_is_there_at_once_and_vectors_follow(db: Database) -> None:
    done = await _import(db, law_scene.act())
    assert (done.articles, done.kept, done.is_unchanged) == (4, 0, False)
    assert await _rows(
        db, "SELECT number FROM legal_articles WHERE words @@ to_tsquery('russian', 'носик')"
    ) == [("2-1",)]
    last = await _embed(db)
    assert last.done == last.total > 3
    assert await _rows(db, _PIECES) == [
        ("1", "hash-4", 1), ("2-1", "hash-4", 1), ("3", "hash-4", 3), ("4", None, 1),
    ]  # fmt: skip


async def test_same_file_again_changes_nothing(db: Database) -> None:
    await _import(db, law_scene.act())
    await _embed(db)
    before = await _rows(db, "SELECT id, updated_at FROM legal_articles ORDER BY id")
    assert (await _import(db, law_scene.act())).is_unchanged
    assert await _rows(db, "SELECT id, updated_at FROM legal_articles ORDER BY id") == before
    assert (await _embed(db)).total == 0


async def test_corrected_text_of_an_edition_replaces_it(db: Database) -> None:
    await _import(db, law_scene.act())
    await _embed(db)
    done = await _import(db, law_scene.act(days="тридцать"))
    assert done.kept == 2, "only what changed is embedded anew"
    assert await _rows(db, "SELECT count(*) FROM legal_documents") == [(1,)]
    assert (
        "тридцать" in (await _rows(db, "SELECT body FROM legal_articles ORDER BY position"))[0][0]
    )
    assert (await _embed(db)).total == 1
    assert [it[2] for it in await _rows(db, _PIECES)] == [1, 1, 3, 1]


async def test_new_edition_stands_beside_the_old_one_whichever_comes_first(db: Database) -> None:
    await _import(db, law_scene.act(law_scene.SECOND, days="тридцать"))
    await _import(db, law_scene.act(law_scene.FIRST))
    assert await _rows(db, _EDITIONS) == [
        (law_scene.FIRST, law_scene.SECOND), (law_scene.SECOND, None),
    ]  # fmt: skip


@dataclass
class _Dying(HashEmbedder):
    """Dies at its n-th batch of articles, as a killed process does."""

    left: int = 1
    seen: list[str] = field(default_factory=list)

    async def passages(self, texts: Any) -> Vectors:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        self.seen += texts
        return await super().passages(texts)


async def test_killed_work_goes_on_where_it_was(db: Database) -> None:
    many = [ArticleText(str(n), f"Чайник {n}", "", f"Слово{n}") for n in range(1, 21)]
    await _import(db, law_scene.with_articles(*many))
    first = _Dying(left=1)
    with pytest.raises(KeyboardInterrupt):
        await _embed(db, first)
    rest = _Dying(left=100)
    await _embed(db, rest)
    assert len(first.seen) + len(rest.seen) == 20
    assert not set(first.seen) & set(rest.seen)


async def test_another_embedder_makes_its_own_vectors(db: Database) -> None:
    class Other(HashEmbedder):
        name = "other"

    await _import(db, law_scene.act())
    await _embed(db)
    await _embed(db, Other())
    assert {it[1] for it in await _rows(db, _PIECES)} == {"other", None}
    assert [it[2] for it in await _rows(db, _PIECES)] == [1, 1, 3, 1]


async def test_nonsense_is_refused_whole(db: Database) -> None:
    twice = (ArticleText("1", "А", "", "Б"), ArticleText("1", "А", "", "В"))
    for wrong in (replace(law_scene.act(), articles=()), law_scene.with_articles(*twice)):
        with pytest.raises(InvalidInput):
            await _import(db, wrong)
    assert await _rows(db, "SELECT * FROM legal_documents") == []


async def test_only_staff_of_the_house_changes_laws(db: Database) -> None:
    for role in (Role.NOBODY, Role.USER, Role.SUPPORT, Role.PARTNER):
        with pytest.raises(PermissionDenied):
            async with db.write() as tx:
                await corpus.import_act(tx, Actor(role), law_scene.act())
        with pytest.raises(PermissionDenied):
            async for _ in corpus.embed(db, Actor(role), HashEmbedder()):
                pass
