"""A database that is away is told apart from one that refuses: only the first is worth waiting for."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cube_demper.bootstrap import build_services
from cube_demper.core.errors import ConfigurationError, Unreachable
from cube_demper.core.settings import Settings
from cube_demper.db.session import IDLE_IN_TRANSACTION_SECONDS, Database, is_gone
from cube_demper.embedded.ports import free_ports


async def test_a_connection_that_postgres_ended_is_gone(db: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with db.write() as tx:
            await tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert is_gone(caught.value)


async def test_connections_that_postgres_ended_while_they_rested_are_opened_anew(
    db: Database, database_url: str
) -> None:
    end_others = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await db.now()
    other = Database(database_url, name="other")
    async with other.write() as tx:
        ended = await tx.scalar(end_others)
    await asyncio.sleep(0.1)  # the driver hears of it
    async with db.read() as first, db.read() as second:
        assert [await it.scalar(text("SELECT 1")) for it in (first, second)] == [1, 1]
    await other.close()
    assert ended >= 1


async def test_a_statement_that_postgres_refuses_is_not_gone(db: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with db.write() as tx:
            await tx.execute(text("SELECT 1 / 0"))

    assert not is_gone(caught.value)


async def test_a_transaction_that_says_nothing_for_a_minute_is_ended(db: Database) -> None:
    async with db.read() as tx:
        limit = await tx.scalar(text("SHOW idle_in_transaction_session_timeout"))

    assert (limit, IDLE_IN_TRANSACTION_SECONDS) == ("1min", 60)


async def test_the_clock_tells_a_database_that_is_away_from_a_wrong_address(
    database_url: str, redis_url: str
) -> None:
    (port,) = free_ports(1)
    password, _, rest = database_url.partition("@")
    wrong = {
        f"{password}@127.0.0.1:{port}/cube": Unreachable,
        f"{password}x@{rest}": ConfigurationError,
        f"{database_url}_nowhere": ConfigurationError,
    }
    for url, error in wrong.items():
        services = build_services(Settings(DATABASE_URL=url, REDIS_URL=redis_url), name="test")
        with pytest.raises(error):
            await services.correct_clock()
        await services.close()
