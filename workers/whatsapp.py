"""Numbers of WhatsApp in the outbox worker: what sellers wish, what WAHA tells, how numbers are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson

from cube_demper.bootstrap import Services
from cube_demper.core.settings import CubeApp
from cube_demper.domain.messaging.hearing import work as hearing
from cube_demper.domain.messaging.hearing.schemas import Heard
from cube_demper.domain.messaging.hearing.work import Ear
from cube_demper.domain.messaging.sessions import work as sessions
from cube_demper.domain.messaging.sessions.work import Room
from cube_demper.integrations.waha.client import WahaSessions
from cube_demper.integrations.waha.events import heard_of
from cube_demper.integrations.waha.gateway import WahaGateway

EVERY_SECONDS = 30.0
WITHIN = timedelta(minutes=2)
WEBHOOK_PATH = "/webhooks/waha"
_LEASE_KEY = "whatsapp:watch"


class Numbers:
    """The work with one WAHA."""

    def __init__(self, services: Services) -> None:
        """Connect to nothing yet. Raises ConfigurationError without WAHA_URL."""
        settings = services.settings
        url = f"{settings.app_url(CubeApp.SELLER)}{WEBHOOK_PATH}"
        gateway = WahaSessions(WahaGateway(settings.waha), settings.waha, url)
        self._services = services
        self._room = Room(services.db, services.secrets, gateway, services.clock.now)
        self._ear = Ear(self._room, _read, gateway)

    async def carry_out(self, payload: dict[str, Any]) -> None:
        """Do what a seller wished."""
        await sessions.carry_out(self._room, payload)

    async def take_in(self, payload: dict[str, Any]) -> None:
        """Take in what WAHA told."""
        await hearing.take_in(self._ear, payload["sealed"])

    async def watch(self) -> None:
        """Ask how all numbers are; one process does it at a time."""
        redis = self._services.redis
        if await redis.set(_LEASE_KEY, "1", nx=True, ex=int(EVERY_SECONDS) - 2):
            await sessions.watch(self._room)


def _read(envelope: str) -> Heard | None:
    return heard_of(orjson.loads(envelope))
