"""Proxies: imported by the operator, kept encrypted, handed to workers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.proxies import queries
from cube_demper.domain.proxies.schemas import Seen


async def import_proxies(
    tx: WriteTx, actor: Actor, lines: Iterable[str], secrets: SecretBox
) -> int:
    """Add or refresh proxies, one `http://user:password@host:port` a line; return how many.

    All or nothing. Raises InvalidInput naming the line, PermissionDenied for anybody but the operator.
    """
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
    rows = [
        _row(number, line.strip(), secrets)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    await queries.upsert(tx, rows)
    return len(rows)


async def list_urls(tx: ReadTx, actor: Actor, secrets: SecretBox) -> list[str]:
    """Return the addresses in use, passwords included. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    return [secrets.decrypt(url) for url in await queries.list_enabled(tx)]


async def allot(tx: WriteTx, actor: Actor, user_id: UUID, count: int, now: datetime) -> int:
    """Fill a user's addresses up to `count` from those that nobody has; return how many they have.

    A shortage is no error: the shared pool serves everybody. Raises PermissionDenied.
    """
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
    has = await queries.count_allotted(tx, user_id)
    if has < count:
        await queries.allot(tx, user_id, count - has, now)
        has = await queries.count_allotted(tx, user_id)
    return has


async def has_free(tx: ReadTx, actor: Actor) -> bool:
    """Tell whether some address is nobody's. Raises PermissionDenied."""
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
    return await queries.has_free(tx)


async def count_allotted(tx: ReadTx, actor: Actor) -> int:
    """Return how many addresses the actor's seller has. Raises PermissionDenied."""
    return await queries.count_allotted(tx, actor.owner_id)


async def release(tx: WriteTx, actor: Actor, user_id: UUID) -> None:
    """Give a user's addresses back to the pool. Raises PermissionDenied."""
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
    await queries.release(tx, user_id)


async def note_health(tx: WriteTx, actor: Actor, seen: Sequence[Seen]) -> None:
    """Write down how addresses fared, the latest word of all processes. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    for it in sorted(
        seen, key=lambda one: one.label
    ):  # in one order, so that no two wait in a ring
        await queries.note_health(tx, it)


def label_of(number: int, line: str) -> str:
    """Return `host:port` of a line. Raises InvalidInput naming it."""
    parts = _parsed(number, line)
    return f"{parts.hostname}:{parts.port}"


def _row(number: int, line: str, secrets: SecretBox) -> dict[str, object]:
    parts = _parsed(number, line)
    return {
        "label": f"{parts.hostname}:{parts.port}",
        "host": parts.hostname,
        "port": parts.port,
        "url": secrets.encrypt(parts.geturl()),
        "is_enabled": True,
    }


def _parsed(number: int, line: str) -> SplitResult:
    parts = urlsplit(line if "://" in line else f"http://{line}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port:
        raise InvalidInput(f"Строка {number}: нужен адрес вида http://user:password@host:port")
    return parts
