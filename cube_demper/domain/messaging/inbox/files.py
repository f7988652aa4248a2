"""Files that go with messages: taken within limits, kept encrypted for a month, read for sending."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind, enclosure_of
from cube_demper.domain.messaging.inbox import file_queries as queries
from cube_demper.domain.messaging.inbox.errors import FileNotKept, TooManyFiles
from cube_demper.domain.messaging.inbox.file_types import kind_of_file
from cube_demper.models.inbox import WhatsAppFile
from cube_demper.models.staff import Area

KEPT_FOR: Final = timedelta(days=30)
MOST_A_DAY: Final = 100
_LONGEST_NAME: Final = 100


async def add(
    tx: WriteTx, actor: Actor, name: str, content: bytes, now: datetime, *, secrets: SecretBox
) -> UUID:
    """Keep a file. Raises WrongFile, TooManyFiles, PermissionDenied."""
    actor.require(Area.MESSAGES)
    clean = " ".join(name.replace("/", " ").replace("\\", " ").split())
    found = kind_of_file(clean, content)
    since = now - timedelta(days=1)
    if await queries.count_since(tx, actor.owner_id, since) >= MOST_A_DAY:
        raise TooManyFiles
    row = WhatsAppFile(
        user_id=actor.owner_id,
        name=_short(clean),
        mimetype=found,
        size=len(content),
        content=secrets.seal(content),
        added_at=now,
        expires_at=now + KEPT_FOR,
    )
    tx.add(row)
    await tx.flush()
    await audit.record(tx, actor, "whatsapp_file_added", "whatsapp", row.id, size=row.size)
    return row.id


async def enclose(tx: ReadTx, actor: Actor, file_id: UUID, now: datetime) -> Enclosure:
    """Return a file as it goes with a message. Raises FileNotKept, for somebody else's too."""
    found = await queries.find(tx, actor.owner_id, file_id, now)
    if found is None:
        raise FileNotKept
    is_image = found.mimetype.startswith("image/")
    return Enclosure(
        EnclosureKind.IMAGE if is_image else EnclosureKind.FILE,
        name=found.name,
        mimetype=found.mimetype,
        size=found.size,
        file_id=found.id,
    )


async def take(
    tx: ReadTx, actor: Actor, file_id: UUID, now: datetime, *, secrets: SecretBox
) -> tuple[str, str, bytes]:
    """Return a file of the actor's: name, type, content. Raises FileNotKept, PermissionDenied."""
    actor.require(Area.MESSAGES)
    found = await queries.find(tx, actor.owner_id, file_id, now)
    if found is None:
        raise FileNotKept
    content = await queries.content_of(tx, found.id)
    if content is None:
        raise FileNotKept
    return found.name, found.mimetype, secrets.open(content)


async def content_of(
    tx: ReadTx, actor: Actor, file_id: UUID, *, secrets: SecretBox
) -> bytes | None:
    """Return a file that is about to be sent; None: it is gone. Raises PermissionDenied."""
    _only_system(actor)
    found = await queries.content_of(tx, file_id)
    return None if found is None else secrets.open(found)


async def find_received(tx: ReadTx, actor: Actor, message_id: UUID) -> Enclosure:
    """Return what came with a buyer's message. Raises FileNotKept, PermissionDenied."""
    actor.require(Area.MESSAGES)
    found = enclosure_of(await queries.media_of(tx, actor.owner_id, message_id))
    if found is None or not found.path:
        raise FileNotKept
    return found


async def forget_expired(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Delete files that are kept no more. Raises PermissionDenied."""
    _only_system(actor)
    await queries.forget_expired(tx, now)


def _short(name: str) -> str:
    """Cut a long name in the middle of it, so that its ending stays."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot else name


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
