"""A question finds its article: by name, by words, by meaning, by our phrases, of the right day."""

from __future__ import annotations

from datetime import date
from typing import Any

import law_scene
import pytest
from sqlalchemy import text

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.lawyer import corpus, phrases
from cube_demper.domain.lawyer.ports import Vectors
from cube_demper.domain.lawyer.schemas import Act, ArticleText, Found
from cube_demper.domain.lawyer.search import MOST_CHARACTERS, Weights, search
from cube_demper.integrations.embeddings.hashed import HashEmbedder

TODAY = date(2026, 11, 28)
CODE = law_scene.CODE


async def _import(db: Database, *acts: Act) -> None:
    for act in acts:
        async with db.write() as tx:
            await corpus.import_act(tx, SYSTEM, act)


async def _embed(db: Database) -> None:
    async for _ in corpus.embed(db, SYSTEM, HashEmbedder()):
        pass


async def _ask(db: Database, question: str, embedder: Any = None, **options: Any) -> Found:
    async with db.read() as tx:
        return await search(tx, embedder, question, **{"on": TODAY, **options})


def _keys(found: Found) -> list[tuple[str, str]]:
    return [(it.law_code, it.number) for it in found.hits]


async def test_words_find_an_article_before_there_is_any_vector(db: Database) -> None:
    await _import(db, law_scene.act())
    found = await _ask(db, "почините носик бесплатно", acts=[CODE])
    assert _keys(found)[0] == (CODE, "2-1")
    assert not found.refusal
    assert found.hits[0].passage is not None
    assert found.hits[0].passage.body == "Носик чинят бесплатно один год."


async def test_meaning_finds_what_no_word_does(db: Database) -> None:
    await _import(db, law_scene.act())
    await _embed(db)
    only = Weights(1, 0, 0, 0, 0, 0)
    found = await _ask(db, "крышкацела", HashEmbedder(), acts=[CODE], weights=only)
    assert _keys(found)[0] == (CODE, "1")


async def test_vectors_of_another_model_are_not_compared(db: Database) -> None:
    class Other(HashEmbedder):
        name = "other"

    await _import(db, law_scene.act())
    await _embed(db)
    only = Weights(1, 0, 0, 1, 0, 0)
    found = await _ask(db, "крышка цела", Other(), weights=only)
    assert found.hits == ()
    assert found.refusal


async def test_further_piece_of_a_long_article_is_found_too(db: Database) -> None:
    body = "\n".join(["Общие слова о чайниках и заварке. " * 20] * 4 + ["Самовар топят шишками."])
    await _import(db, law_scene.with_articles(
        ArticleText("1", "Разное", "", body), ArticleText("2", "Иное", "", "О ложках."),
    ))  # fmt: skip
    await _embed(db)
    only = Weights(1, 0, 0, 0, 0, 0)
    found = await _ask(db, "самовар топят шишками", HashEmbedder(), acts=[CODE], weights=only)
    assert _keys(found)[0] == (CODE, "1")


async def test_named_article_comes_first(db: Database) -> None:
    await _import(db, law_scene.act(code="K1500000414"))
    found = await _ask(db, "что в ст. 3 ТК про носик?")
    assert _keys(found)[0] == ("K1500000414", "3")
    assert found.hits[0].score == 1


async def test_article_that_is_not_there_is_refused(db: Database) -> None:
    await _import(db, law_scene.act(code="K1500000414"))
    found = await _ask(db, "По статье 999 ТК носик чинят даром?")
    assert "999" in found.refusal


async def test_day_chooses_the_edition(db: Database) -> None:
    first, second = law_scene.act(), law_scene.act(law_scene.SECOND, days="тридцать")
    await _import(db, second, first)

    async def body(on: date) -> tuple[str, tuple[str, ...]]:
        found = await _ask(db, "сколько дней на возврат чайника", acts=[CODE], on=on)
        assert found.hits[0].passage is not None
        return found.hits[0].passage.body, found.notes

    assert "двадцать" in (await body(date(2025, 6, 1)))[0]
    assert "двадцать" in (await body(date(2026, 2, 28)))[0]
    assert "тридцать" in (await body(law_scene.SECOND))[0]
    assert "тридцать" in (await body(TODAY))[0]
    words, notes = await body(date(2020, 1, 1))
    assert "двадцать" in words
    assert any("01.01.2020" in it for it in notes), "an older law is not passed off as known"


async def test_act_is_a_filter(db: Database) -> None:
    other = law_scene.act(code="Z990000002_")
    await _import(db, law_scene.act(), other)
    found = await _ask(db, "носик", acts=["Z990000002_"])
    assert {it for it, _ in _keys(found)} == {"Z990000002_"}
    with pytest.raises(InvalidInput):
        await _ask(db, "носик", acts=["Z990000003_"])


async def test_index_answers_without_any_law(db: Database) -> None:
    async with db.write() as tx:
        await phrases.take_shipped(tx)
    found = await _ask(db, "покупатель потерял чек")
    hit = found.hits[0]
    assert (hit.law_code, hit.number) == ("Z100000274_", "18")
    assert hit.passage is None
    assert hit.summary
    assert hit.url == "https://adilet.zan.kz/rus/docs/Z100000274_"
    assert any("не загружены" in it for it in found.notes)
    kazakh = await _ask(db, "өлшемі сәйкес келмеді, ауыстырып бере ме")
    assert ("Z100000274_", "14") in _keys(kazakh)


async def test_question_far_from_everything_is_refused(db: Database) -> None:
    class Choosy(HashEmbedder):
        far = 0.5

    await _import(db, law_scene.act())
    await _embed(db)
    near, far = "покупатель потерял чек", "zzzz qqqq xxxx"
    assert not (await _ask(db, near, Choosy())).refusal
    found = await _ask(db, far, Choosy())
    assert "нет нормы" in found.refusal
    assert found.hits, "what is nearest is shown all the same"
    assert not (await _ask(db, "ст. 353 ГК", Choosy())).refusal, "a named article is never far"
    assert not (await _ask(db, far, Choosy(), acts=["Z100000274_"])).refusal


async def test_index_is_kept_as_shipped(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(text(
            "INSERT INTO legal_phrases (law_code, number, language, phrase)"
            " VALUES ('Z100000274_', '14', 'ru', 'старая фраза')"
        ))  # fmt: skip
        await phrases.take_shipped(tx)
    async with db.read() as tx:
        found = (await tx.scalars(text("SELECT phrase FROM legal_phrases"))).all()
    assert sorted(found) == sorted(it.phrase for it in phrases.shipped_phrases())


@pytest.mark.parametrize(
    "question",
    ["'); DROP TABLE legal_articles; --", "носик & | ! :* ( )",
     "\0носик", "🙂", "ст. 99999999999 ГК", "-", "ә" * 50],
)  # fmt: skip
async def test_nonsense_is_only_a_question(db: Database, question: str) -> None:
    await _import(db, law_scene.act())
    await _embed(db)
    assert await _ask(db, question, HashEmbedder()) is not None


@pytest.mark.parametrize("question", ["", "   ", "\0", "я" * (MOST_CHARACTERS + 1)])
async def test_no_question_is_refused_in_words(db: Database, question: str) -> None:
    with pytest.raises(InvalidInput):
        await _ask(db, question)


async def test_database_without_pgvector_finds_the_same(db: Database) -> None:
    await _import(db, law_scene.act())
    await _embed(db)
    only = Weights(1, 0, 0, 1, 0, 0)
    questions = ("крышка цела", "чинят бесплатно", "покупатель потерял чек")
    by_index = [_keys(await _ask(db, it, HashEmbedder(), weights=only)) for it in questions]
    types = {True: "real[]", False: "vector(384)"}
    try:
        await _retype(db, types[True])
        by_hand = [_keys(await _ask(db, it, HashEmbedder(), weights=only)) for it in questions]
    finally:
        await _retype(db, types[False])
    assert by_hand == by_index


async def _retype(db: Database, kind: str) -> None:
    async with db.write() as tx:
        for table in ("legal_articles", "legal_passages", "legal_phrases"):
            await tx.execute(text(f"DROP INDEX IF EXISTS ix_{table}_embedding"))
            await tx.execute(
                text(f"ALTER TABLE {table} ALTER embedding TYPE {kind} USING embedding::{kind}")
            )
            if kind.startswith("vector") and table != "legal_phrases":
                await tx.execute(text(
                    f"CREATE INDEX ix_{table}_embedding ON {table}"
                    " USING hnsw (embedding vector_cosine_ops)"
                ))  # fmt: skip


async def test_embedder_that_fails_is_not_silent(db: Database) -> None:
    class Broken(HashEmbedder):
        async def questions(self, texts: Any) -> Vectors:
            raise RuntimeError("broken")

    await _import(db, law_scene.act())
    with pytest.raises(RuntimeError):
        await _ask(db, "носик", Broken())
