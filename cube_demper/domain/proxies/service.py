"""Proxies: imported by the operator, kept encrypted, handed to workers."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.proxies import queries


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


def _row(number: int, line: str, secrets: SecretBox) -> dict[str, object]:
    parts = urlsplit(line if "://" in line else f"http://{line}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port:
        raise InvalidInput(f"Строка {number}: нужен адрес вида http://user:password@host:port")
    return {
        "label": f"{parts.hostname}:{port}",
        "host": parts.hostname,
        "port": port,
        "url": secrets.encrypt(parts.geturl()),
        "is_enabled": True,
    }
