"""Support's part of the outbox worker: chats are given out, broken promises told, answers mailed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cube_demper.bootstrap import Services
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications.schemas import Mailer
from cube_demper.domain.support import keeping, mailing, waiting

EVERY_SECONDS = 15.0
ANSWER = mailing.TOPIC
WAITS = waiting.TOPIC


class Answers:
    """Answers that a person did not see, by mail."""

    def __init__(self, db: Database, mailer: Mailer, site: str) -> None:
        """`site`: the address that links have."""
        self._room = mailing.MailRoom(db, mailer, site)

    async def deliver(self, payload: dict[str, Any]) -> None:
        """Send what is unseen of one chat. Raises what the mailer raises."""
        await mailing.deliver(self._room, UUID(payload["chat_id"]))


class Waits:
    """That somebody waits and nobody is there, to support's own mailbox."""

    def __init__(self, services: Services, mailer: Mailer) -> None:
        """Letters lead to support's app."""
        settings = services.settings
        self._clock, self._mailbox = services.clock, settings.mail.support_mail
        self._desk = settings.app_url(CubeApp.SUPPORT)
        self._room = mailing.MailRoom(services.db, mailer, settings.app_url(CubeApp.SELLER))

    async def deliver(self, payload: dict[str, Any]) -> None:
        """Look at one chat, and write. Raises what the mailer raises."""
        await waiting.deliver(
            self._room, UUID(payload["chat_id"]), int(payload["number"]),
            mailbox=self._mailbox, desk=self._desk, now=self._clock.now(),
        )  # fmt: skip


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
