"""Support's part of the outbox worker: chats are given out, broken promises told, answers mailed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cube_demper.bootstrap import Services
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications.schemas import Mailer
from cube_demper.domain.support import keeping, mailing

EVERY_SECONDS = 15.0
ANSWER = mailing.TOPIC


class Answers:
    """Answers that a person did not see, by mail."""

    def __init__(self, db: Database, mailer: Mailer, site: str) -> None:
        """`site`: the address that links have."""
        self._room = mailing.MailRoom(db, mailer, site)

    async def deliver(self, payload: dict[str, Any]) -> None:
        """Send what is unseen of one chat. Raises what the mailer raises."""
        await mailing.deliver(self._room, UUID(payload["chat_id"]))


class SupportDesk:
    """Remembers when it looked last."""

    def __init__(self, services: Services) -> None:
        """Look from now on."""
        self._services = services
        self._looked_at = services.clock.now()

    async def tend(self) -> None:
        """Look once."""
        now = self._services.clock.now()
        async with self._services.db.write() as tx:
            await keeping.tend(tx, SYSTEM, now, since=self._looked_at)
        self._looked_at = now
