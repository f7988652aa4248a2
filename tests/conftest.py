"""Fixtures for all tests: real Postgres and Valkey of their own, and no network but the loopback."""

from __future__ import annotations

import gc
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
_EMPTY_TABLES = text(
    """
    DO $$
    DECLARE
        name regclass;
        is_filled boolean;
    BEGIN
        SET LOCAL session_replication_role = replica; -- no foreign keys, no triggers
        FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version'
            AND relnamespace = 'public'::regnamespace
        LOOP
            EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', name); -- waits for whoever still writes
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO is_filled;
            IF is_filled THEN
                EXECUTE format('DELETE FROM %s', name);
            END IF;
        END LOOP;
        PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;
    END $$
    """
)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the hundred thousand objects that imports made for good."""
    gc.collect()
    gc.freeze()


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
    """Empty every table of the shared database.

    Most tests fill a few tables of some eighty: deleting rows where there are any costs a tenth of
    TRUNCATE, which makes new files for each table and index.
    """
    async with shared_database.write() as tx:
        await tx.execute(_EMPTY_TABLES)


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
