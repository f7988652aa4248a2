"""The operator's commands against a real database."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from records import add_store, add_user
from sqlalchemy import text

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int | None
    said: str
    complained: str


Cube = Callable[..., Awaitable[Ran]]


@pytest.fixture
def cube(db: Database, database_url: str, redis_url: str, tmp_path: Path) -> Cube:
    """Run `cube` with the tests' database."""
    addresses = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}

    async def run(*arguments: str, stdin: str = "") -> Ran:
        environment = {**os.environ, **addresses, "CUBE_DATA_DIR": str(tmp_path)}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cube_demper.cli",
            *arguments,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, errors = await process.communicate(stdin.encode())
        return Ran(process.returncode, out.decode(), errors.decode())

    return run


async def test_created_user_has_the_role_and_a_password_said_once(cube: Cube, db: Database) -> None:
    ran = await cube("user", "create", "Boss@example.kz", "--role", "admin")
    assert ran.code == 0, ran.complained
    assert "Пароль: " in ran.said
    async with db.read() as tx:
        row = (await tx.execute(text("SELECT role, password_hash FROM users"))).one()
    assert row.role == "admin"
    assert ran.said.split("Пароль: ")[1].strip() not in row.password_hash


async def test_password_from_the_input_is_not_shown(cube: Cube) -> None:
    ran = await cube("user", "create", "a@example.kz", "--password-stdin", stdin="long-word-42\n")
    assert ran.code == 0, ran.complained
    assert "long-word-42" not in ran.said


async def test_same_email_again_is_one_line_and_exit_1(cube: Cube) -> None:
    await cube("user", "create", "a@example.kz")
    again = await cube("user", "create", "A@example.kz")
    assert again.code == 1
    assert again.complained.count("\n") == 1


async def test_proxies_are_imported_all_or_none(cube: Cube, db: Database, tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_text("http://u:p@127.0.0.2:8000\nhttp://u:p@127.0.0.3:8000\n")
    bad.write_text("http://u:p@127.0.0.4:8000\nnonsense here\n")
    assert (await cube("proxies", "import", str(good))).said.strip().endswith(": 2")
    refused = await cube("proxies", "import", str(bad))
    assert refused.code == 1
    assert refused.complained.startswith("Строка 2")
    async with db.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM proxies")) == 2


async def test_keys_are_rotated_and_the_operator_is_told(
    cube: Cube, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = SecretBox(["an old key"]), SecretBox(["a new key"])
    async with db.write() as tx:
        await add_store(tx, await add_user(tx), guid={"v": 1, "cookies": old.encrypt("[]")})
    cookies = text("SELECT guid->>'cookies' FROM kaspi_stores")

    monkeypatch.setenv("SECRET_KEYS", "a new key")
    alone = await cube("keys", "rotate")
    assert alone.code == 1
    assert "Прежние ключи не убирайте" in alone.said

    monkeypatch.setenv("SECRET_KEYS", "a new key,an old key")
    ran = await cube("keys", "rotate")
    assert ran.code == 0, ran.complained
    assert "kaspi_stores: строк 1" in ran.said
    async with db.read() as tx:
        assert new.decrypt(await tx.scalar(cookies)) == "[]"
