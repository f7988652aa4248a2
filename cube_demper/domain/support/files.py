"""Files that go with messages: taken within limits, kept encrypted, given to the chat's two sides only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.support import access, file_queries
from cube_demper.domain.support.errors import FileNotKept, TooMuch
from cube_demper.domain.support.file_types import Checked
from cube_demper.domain.support.schemas import FileHead
from cube_demper.models.support import SupportFile

LOOSE_FOR: Final = timedelta(days=1)
"""How long a file is kept that went with no message."""
MOST_A_DAY: Final = 60
MOST_BYTES_A_DAY: Final = 150 * 1024 * 1024
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Given:
    """A file with its content."""

    name: str
    mimetype: str
    content: bytes


async def add(
    tx: WriteTx, actor: Actor, checked: Checked, now: datetime, *, secrets: SecretBox
) -> FileHead:
    """Keep a file that `file_types.check_file` let through. Raises TooMuch, PermissionDenied."""
    is_person = actor.role is Role.USER
    user_id = access.require_self(actor) if is_person else access.require_staff(actor)
    count, size = await file_queries.count_since(tx, user_id, now - _DAY)
    if count >= MOST_A_DAY or size + len(checked.content) > MOST_BYTES_A_DAY:
        raise TooMuch("За сутки загружено слишком много файлов. Попробуйте завтра.")
    row = SupportFile(
        user_id=user_id,
        name=checked.name,
        mimetype=checked.mimetype,
        size=len(checked.content),
        width=checked.width,
        height=checked.height,
        content=secrets.seal(checked.content),
        added_at=now,
        expires_at=now + LOOSE_FOR,
    )
    tx.add(row)
    await tx.flush()
    if not is_person:
        await audit.record(tx, actor, "support_file_added", "support_file", row.id, size=row.size)
    return FileHead(row.id, row.name, row.mimetype, row.size, row.width, row.height)


async def take(
    tx: ReadTx, actor: Actor, file_id: UUID, now: datetime, *, secrets: SecretBox
) -> Given:
    """Return a file of the actor's chat, or for staff of any. Raises FileNotKept, PermissionDenied."""
    if actor.role is Role.USER:
        found = await file_queries.find_for_person(tx, file_id, actor.person_id)
    else:
        found = await file_queries.find_for_staff(tx, file_id, access.require_staff(actor))
    if found is None or found.expires_at <= now:
        raise FileNotKept
    return Given(found.name, found.mimetype, secrets.open(found.content))
