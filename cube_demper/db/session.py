"""Transactions: one read or write unit of work at the edge (a handler, a job); services only flush."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import orjson
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from cube_demper.core.errors import ConfigurationError, PermissionDenied

IDLE_IN_TRANSACTION_SECONDS = 60
"""Real seconds after which Postgres ends a session that keeps a transaction open and says nothing."""


_LOOKS_ONLY: ContextVar[str] = ContextVar("looks_only", default="")


def look_only(refusal: str) -> str:
    """Refuse write transactions for the rest of this task, in these words; "" allows them again.

    The door of event handlers shuts it for people who may look and not change, whatever a handler
    does. Returns what was in force.
    """
    before = _LOOKS_ONLY.get()
    _LOOKS_ONLY.set(refusal)
    return before


@dataclass(frozen=True, slots=True)
class BrowserEvent:
    """«Something changed»: pages that show it read it again. Carries no data."""

    channel: str
    kind: str
    id: str


Publish = Callable[[list[BrowserEvent]], Awaitable[None]]


class ReadTx(AsyncSession):
    """A read-only transaction: Postgres refuses writes in it."""


class WriteTx(ReadTx):
    """A transaction that is committed when its block ends well and rolled back when it does not."""

    def emit(self, channel: str, kind: str, id: object = "") -> None:  # noqa: A002 - the event's word
        """Tell open pages after the commit; a rollback takes the event with it."""
        self.info.setdefault("events", []).append(BrowserEvent(channel, kind, str(id)))


class Database:
    """The engine and its two kinds of transaction."""

    def __init__(
        self, url: str, *, publish: Publish | None = None, pool_size: int = 10, name: str = "cube"
    ) -> None:
        """`url`: any Postgres URL; `publish` sends browser events after each commit."""
        self.engine = create_engine(url, pool_size=pool_size, name=name)
        self._read_only = self.engine.execution_options(postgresql_readonly=True)
        self._publish = publish

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadTx]:
        """Open a read-only transaction."""
        async with ReadTx(self._read_only, expire_on_commit=False) as tx, tx.begin():
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteTx]:
        """Open a transaction; events emitted in it are published once it is committed.

        Raises PermissionDenied while `look_only` is in force.
        """
        if refusal := _LOOKS_ONLY.get():
            raise PermissionDenied(refusal)
        async with WriteTx(self.engine, expire_on_commit=False) as tx:
            async with tx.begin():
                yield tx
            events: list[BrowserEvent] = tx.info.pop("events", [])
        if events and self._publish:
            await self._publish(list(dict.fromkeys(events)))

    async def now(self) -> datetime:
        """Return the database's time, which the clocks of all processes follow."""
        async with self.engine.connect() as connection:
            now: datetime = (
                await connection.execute(text("SELECT clock_timestamp()"))
            ).scalar_one()
            return now

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


_WRONG_SETTINGS = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)
#: SQLSTATE classes: connection lost, out of connections, ended or started by its operator.
_GONE_STATES = ("08", "53", "57")


def is_gone(error: BaseException) -> bool:
    """Tell whether the database went away: the same work may succeed when it is back."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or state.startswith(_GONE_STATES)
    # What fails while connecting comes as asyncpg raises it.
    is_connecting = isinstance(error, OSError | asyncpg.PostgresError | asyncpg.InterfaceError)
    return is_connecting and not isinstance(error, _WRONG_SETTINGS)


def async_url(url: str) -> str:
    """Return `url` for asyncpg, whatever Postgres driver it names. Raises ConfigurationError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError("DATABASE_URL: не похоже на адрес базы данных") from None
    if not parsed.drivername.startswith("postgres"):
        raise ConfigurationError("DATABASE_URL: нужен адрес postgresql://")
    return parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def create_engine(url: str, *, pool_size: int = 10, name: str = "cube") -> AsyncEngine:
    """Create the engine; `name` is what `pg_stat_activity` shows."""
    engine = create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=max(pool_size, 10),
        pool_recycle=1800,
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": name,
                # A process that froze in a transaction must not keep its locks from the others.
                "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_SECONDS * 1000}",
            },
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(_dbapi: object, entry: ConnectionPoolEntry, _fairy: object) -> None:
    """Have the pool open anew what Postgres has closed since it was last used.

    The driver hears of the end of a connection as it comes. SQLAlchemy's own ping would ask before each
    transaction, in a transaction of its own: three of six round trips.
    """
    connection: asyncpg.Connection | None = entry.driver_connection
    if connection is None or connection.is_closed():
        raise InvalidatePoolError
