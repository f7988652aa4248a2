"""The AI salesman's part of the outbox: who is written to, what, and who goes on with a talk."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from cube_demper.bootstrap import Services, build_model
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.ai.asking import Asking
from cube_demper.domain.salesman import answering, planning
from cube_demper.domain.salesman.writing import Writer
from workers.lanes import Payload

WITHIN = timedelta(minutes=8)
"""Two answers of the model with their tries."""


class SalesmanWork:
    """Handles `salesman.write` and `whatsapp.answered`, and follows orders."""

    def __init__(self, services: Services) -> None:
        """Take the process's services; the way to the model is built when the first message is written."""
        self._services = services
        self._writer: Writer | None = None

    async def write(self, payload: Payload) -> None:
        """Write one planned message."""
        if self._writer is None:
            services = self._services
            asking = Asking(services.db, build_model(services), services.clock.now)
            self._writer = Writer(
                services.db,
                asking,
                services.secrets,
                services.clock.now,
                is_bonus_allowed=services.settings.is_review_bonus_allowed,
            )
        await self._writer.write(UUID(payload["message_id"]))

    async def follow_order(self, tx: WriteTx, payload: Payload) -> None:
        """Plan what a moved order calls for."""
        now, secrets = self._services.clock.now(), self._services.secrets
        await planning.follow_order(tx, SYSTEM, payload, now, secrets=secrets)

    async def follow_answer(self, tx: WriteTx, payload: Payload) -> None:
        """Plan an answer to a buyer, or call the seller."""
        now, secrets = self._services.clock.now(), self._services.secrets
        message_id = UUID(payload["message_id"])
        await answering.follow_answer(tx, SYSTEM, message_id, now, secrets=secrets)
