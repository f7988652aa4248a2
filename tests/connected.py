"""A seller whose stores of the sandbox are connected: rows as the sign-in leaves them, goods as synced."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

from records import add_store

from cube_demper.bootstrap import Services, build_kaspi
from cube_demper.core.errors import IntegrationError
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog.sync import sync_store
from cube_demper.integrations.kaspi.cabinet import StoreCabinet
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.accounts import User
from cube_demper.models.stores import KaspiStore

_TRIES = 10


def guid_of(services: Services, cookies: list[Any], merchant: str | None = None) -> dict[str, Any]:
    """Return what a sign-in keeps of its session."""
    secret = services.secrets.encrypt(json.dumps(cookies))
    guid = {"v": 1, "cookies": secret, "password": None}
    return guid | ({"merchant_uid": merchant} if merchant else {})


async def connect(
    tx: WriteTx,
    services: Services,
    user: User,
    merchant: str,
    cookies: list[Any],
    *,
    minutes: int = 5,
    name: str = "",
) -> KaspiStore:
    """Add a store whose bot works by itself, round the clock, every so many minutes."""
    return await add_store(
        tx,
        user,
        bot={"price_step": 100, "check_interval_minutes": minutes},
        merchant_id=merchant,
        name=name or merchant,
        guid=guid_of(services, cookies, merchant),
    )


async def read_catalogue(
    services: Services, store_id: UUID, merchant: str, cookies: list[Any]
) -> None:
    """Read the store's goods; on a busy machine a request may miss its turn by a fast clock."""
    kaspi = await build_kaspi(services)
    cabinet = StoreCabinet(kaspi.client, CabinetSession.from_playwright(merchant, cookies))
    try:
        for tries_left in reversed(range(_TRIES)):
            try:
                await sync_store(services.db, SYSTEM, store_id, cabinet, services.clock.now())
            except IntegrationError:
                if not tries_left:
                    raise
                await asyncio.sleep(0.3)
            else:
                return
    finally:
        await kaspi.close()
