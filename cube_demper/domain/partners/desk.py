"""What the operator is told by letter: that something of the partner programme waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from structlog import get_logger

from cube_demper.db import outbox
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications.schemas import Mailer
from cube_demper.domain.partners import letters, money_queries
from cube_demper.domain.partners.waiting import count_waiting
from cube_demper.models.accounts import User, UserRole

TOPIC: Final = "mail.partner_desk"
_GATHERED: Final = timedelta(minutes=5)
"""One letter tells of all that came meanwhile."""
_log = get_logger()


async def something_came(tx: WriteTx, now: datetime) -> None:
    """Tell every admin that something waits."""
    admins = await tx.scalars(
        select(col(User.id)).where(
            col(User.role) == UserRole.ADMIN, col(User.is_blocked).is_(False)
        )
    )
    for user_id in admins.all():
        # Requests within one span share a letter: the outbox takes a key once.
        key = f"{user_id}:{int(now.timestamp() // _GATHERED.total_seconds())}"
        await outbox.enqueue(tx, TOPIC, key, {"user_id": str(user_id)}, now + _GATHERED)


async def doubt_came(tx: WriteTx, now: datetime) -> None:
    """Tell every admin of a commission in doubt, unless others wait already: that was told."""
    waiting, _ = await money_queries.count_doubted(tx)
    if waiting == 1:
        await something_came(tx, now)


async def deliver(db: Database, mailer: Mailer, payload: dict[str, Any], now: datetime) -> None:
    """Write and send what waits now; nothing where all has been decided meanwhile.

    Raises what the mailer raises.
    """
    async with db.read() as tx:
        admin = await tx.get(User, UUID(payload["user_id"]))
        waiting = await count_waiting(tx, SYSTEM)
    if admin is None or admin.role != UserRole.ADMIN or admin.is_blocked or not waiting.total:
        _log.info("letter_dropped", topic=TOPIC)
        return
    await mailer.send(admin.email, letters.desk(waiting, now))
