"""What follows for people from the outbox: visits of admins end, data of the deleted is erased."""

from __future__ import annotations

from typing import Any

from cube_demper.bootstrap import Services
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import erasing, visits
from cube_demper.domain.accounts.schemas import SYSTEM


class PeopleWork:
    """Handlers of the lane."""

    def __init__(self, services: Services) -> None:
        """Work by the clock of `services`."""
        self._clock = services.clock

    async def end_visit(self, tx: WriteTx, payload: dict[str, Any]) -> None:
        """End a visit whose half-hour is over."""
        await visits.expire(tx, SYSTEM, payload, self._clock.now())

    async def erase(self, tx: WriteTx, payload: dict[str, Any]) -> None:
        """Erase what is personal of somebody deleted."""
        await erasing.erase(tx, SYSTEM, payload, self._clock.now())
