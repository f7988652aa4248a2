"""Fixtures for all tests: real Postgres and Valkey of their own, and no network but the loopback."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import prepared_cluster
import pytest
import structlog
from argon2 import PasswordHasher
from network_guard import no_outside_network
from redis.asyncio import Redis
from sqlalchemy import text
from worker_process import Nursery

from cube_demper.db.session import Database
from cube_demper.domain.accounts import passwords
from cube_demper.embedded import Services
from cube_demper.embedded.ports import free_ports

_EMPTY_TABLES = """
    DO $$
    DECLARE
        name regclass;
        is_filled boolean;
    BEGIN
        SET LOCAL session_replication_role = replica; -- no foreign keys, no triggers
        FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r'
            AND relname <> 'alembic_version'
            AND relnamespace = 'public'::regnamespace
        LOOP
            EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', name); -- waits for whoever still writes
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO is_filled;
            IF is_filled THEN
                EXECUTE format('DELETE FROM %s', name);
            END IF;
        END LOOP;
        INSERT INTO plans SELECT * FROM jsonb_populate_recordset(NULL::plans, $plans$PLANS$plans$);
        PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;
    END $$
    """


# By itself structlog draws a traceback with rich and every local variable: a second of CPU for each.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.set_exc_info,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


gc.disable()  # until all is collected: what imports make is no garbage


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the hundred thousand objects that imports made for good."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _loopback_only() -> Iterator[None]:
    """Fail a test that reaches for the outside, even one that swallows the refusal."""
    with no_outside_network() as refused:
        yield
    if refused:
        pytest.fail(f"the test reached for the outside: {', '.join(refused)}")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash in a tenth of a millisecond and not in forty; the app that a browser opens hashes as it does."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        passwords._nobodys_hash.cache_clear()
        yield
        passwords._nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """Postgres and Valkey of this test session, in a folder that root's stand-in can enter."""
    folder = Path(tempfile.mkdtemp(prefix="cube-tests-"))
    prepared_cluster.fill(folder)
    folder.chmod(0o755)
    postgres_port, valkey_port = free_ports(2)
    running = Services(folder, postgres_port, valkey_port, is_throwaway=True).start()
    yield running
    running.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_database(services: Services) -> Callable[[], str]:
    """Return a function that makes a fresh migrated database and returns its address."""
    numbers = count(1)

    def make() -> str:
        name = f"test_{os.getpid()}_{next(numbers)}"
        services.postgres.run_sql(f"CREATE DATABASE {name} TEMPLATE {prepared_cluster.TEMPLATE}")
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


@pytest.fixture(scope="session")
async def filled_plans(shared_database: Database) -> str:
    """Return the plans as JSON, as the migrations have filled them: each test begins with these."""
    async with shared_database.read() as tx:
        return str(await tx.scalar(text("SELECT jsonb_agg(to_jsonb(it))::text FROM plans it")))


@pytest.fixture
async def clean_db(shared_database: Database, filled_plans: str) -> None:
    """Empty every table of the shared database.

    Most tests fill a few tables of some eighty: deleting rows where there are any costs a tenth of
    TRUNCATE, which makes new files for each table and index.
    """
    async with shared_database.write() as tx:
        await tx.execute(text(_EMPTY_TABLES.replace("PLANS", filled_plans).replace(":", "\\:")))


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


@pytest.fixture(scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    """What worker processes are forked from."""
    async with Nursery.opened() as opened:
        yield opened
