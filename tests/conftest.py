"""Fixtures for all tests: real Postgres and Valkey of their own, and no network but the loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from network_guard import no_outside_network
from redis.asyncio import Redis
from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.embedded import Services
from cube_demper.embedded.ports import free_ports

ROOT = Path(__file__).resolve().parent.parent
_TEMPLATE = "template_migrated"


@pytest.fixture(autouse=True)
def _loopback_only() -> Iterator[None]:
    """Fail a test that reaches for the outside, even one that swallows the refusal."""
    with no_outside_network() as refused:
        yield
    if refused:
        pytest.fail(f"the test reached for the outside: {', '.join(refused)}")


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """Postgres and Valkey of this test session, in a folder that root's stand-in can enter."""
    folder = Path(tempfile.mkdtemp(prefix="cube-tests-"))
    folder.chmod(0o755)
    postgres_port, valkey_port = free_ports(2)
    running = Services(folder, postgres_port, valkey_port, is_throwaway=True).start()
    yield running
    running.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_database(services: Services) -> Callable[[], str]:
    """Return a function that makes a fresh migrated database and returns its address."""
    services.postgres.ensure_database(_TEMPLATE)
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": services.postgres.url(_TEMPLATE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"migrations failed:\n{done.stdout}{done.stderr}"
    numbers = count(1)

    def make() -> str:
        name = f"test_{os.getpid()}_{next(numbers)}"
        services.postgres.run_sql(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return services.postgres.url(name)

    return make


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[], str]) -> str:
    """Address of the database that the tests of this process share."""
    return new_database()


@pytest.fixture(scope="session")
async def shared_database(database_url: str) -> AsyncIterator[Database]:
    """Open the engine on the shared database once; tests take `db`."""
    database = Database(database_url, name="tests")
    yield database
    await database.close()


@pytest.fixture
async def clean_db(shared_database: Database) -> None:
    """Empty every table of the shared database."""
    async with shared_database.write() as tx:
        names = await tx.scalars(
            text(
                "SELECT format('%I', tablename) FROM pg_tables "
                "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
        )
        if tables := ", ".join(names):
            await tx.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))


@pytest.fixture
def db(clean_db: None, shared_database: Database) -> Database:
    """Database with empty tables."""
    return shared_database


@pytest.fixture(scope="session")
def redis_url(services: Services) -> str:
    """Address of Redis number 0 of this test session."""
    return services.redis_url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """Client of an empty Redis."""
    client = Redis.from_url(redis_url)
    await client.flushall()
    yield client
    await client.aclose()
