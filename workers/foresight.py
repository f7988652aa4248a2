"""Tells sellers ahead what new rates do to their profit; part of the outbox worker, which has the time."""

from __future__ import annotations

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.clock import ALMATY
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.rates.endings import endings

_log = get_logger()
EVERY_SECONDS = 6 * 3600.0


async def tell(services: Services) -> None:
    """Look for rates that soon change, and tell whom it concerns: sellers, and in the log the operator."""
    now = services.clock.now()
    await shop.tell_ahead(services.db, SYSTEM, now)
    on = now.astimezone(ALMATY).date()
    async with services.db.read() as tx:
        tables = (await economics.current_book(tx)).tables
    for it in endings(tables, on):
        _log.warning("rates_table_ends", table=it.name, last=f"{it.last}", is_over=it.is_over(on))
