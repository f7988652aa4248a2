"""The fixtures themselves: the database is migrated and clean, the outside is closed."""

from __future__ import annotations

import socket

import pytest
from network_guard import OutsideNetworkError, is_local, no_outside_network
from redis.asyncio import Redis
from sqlalchemy import text

from cube_demper.db.session import Database


async def test_database_is_at_the_newest_migration(db: Database) -> None:
    async with db.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM alembic_version")) == 1


async def test_redis_answers_and_starts_empty(redis: Redis) -> None:
    assert await redis.dbsize() == 0


def test_outside_address_is_refused_and_remembered() -> None:
    with no_outside_network() as refused, pytest.raises(OutsideNetworkError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    assert refused == ["socket.getaddrinfo 192.0.2.1"]
    refused.clear()


@pytest.mark.parametrize("host", ["127.0.0.9", "::1", "localhost", b"localhost", None])
def test_loopback_is_local(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["kaspi.kz", "10.0.0.1", "2001:db8::1"])
def test_everything_else_is_not_local(host: str) -> None:
    assert not is_local(host)
