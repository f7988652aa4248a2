"""What the bot's page and its parts read: one look at the database for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.forecast import Forecast
from cube_demper.domain.pricing.proofs import StoreProof
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import BotStatus, Condition, StoreStatus
from cube_demper.seller.bots import read_status
from cube_demper.ui import session


@dataclass(frozen=True)
class Picture:
    """The bots of the person now. `chosen` is the store that the address asks for, else the first."""

    now: datetime
    status: BotStatus
    chosen: StoreStatus | None
    conditions: list[Condition]
    forecast: Forecast | None = None
    proof: StoreProof | None = None


async def read_picture(asked: str) -> Picture:
    """Read everything that the page shows about the bots; `asked`: the store of the address."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        status = await read_status(tx, actor, now)
        chosen = choose(status, asked)
        if chosen is None:
            return Picture(now, status, None, [])
        forecasts = await pricing.changes_forecasts(tx, actor, now, limit=status.changes_limit)
        proofs = await pricing.store_proofs(tx, actor, now)
        return Picture(
            now,
            status,
            chosen,
            conditions=await stores.why_not(tx, actor, now, chosen.store.id),
            forecast=forecasts.get(chosen.store.id),
            proof=proofs.get(chosen.store.id),
        )


def choose(status: BotStatus, asked: str) -> StoreStatus | None:
    """Return the store asked for, else the first; None when there are none."""
    found = [it for it in status.stores if str(it.store.id) == asked]
    return next(iter(found or status.stores), None)


def asked_store(url: ReflexURL) -> str:
    """Return the store that the address names, as text; it may be nonsense."""
    return url.query_parameters.get("store", "")


def store_uuid(text: str) -> UUID:
    """Read a store's id that came from the browser. Raises InvalidInput."""
    return read_id(text, "Магазин не найден. Обновите страницу.")
