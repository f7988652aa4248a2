"""Everything that the overview shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cube_demper import bootstrap
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab
from cube_demper.domain.overview import service as overview
from cube_demper.domain.overview.schemas import Yesterday
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.forecast import Forecast
from cube_demper.domain.pricing.proofs import StoreProof
from cube_demper.domain.pricing.wars import service as wars
from cube_demper.domain.pricing.wars.schemas import WarWeek
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.journal_schemas import Day, LatestChange
from cube_demper.domain.stores.schemas import BotStatus, Condition
from cube_demper.seller.bots import read_status
from cube_demper.ui import session


@dataclass(frozen=True)
class Picture:
    """The seller's business now; all of one store, when one is chosen."""

    now: datetime
    store_id: UUID | None
    status: BotStatus
    counts: Mapping[ProductTab, int]
    conditions: list[Condition]
    day: Day
    latest: list[LatestChange]
    wars: WarWeek
    yesterday: Yesterday = field(default_factory=Yesterday)
    more_first: int | None = None
    forecasts: Mapping[UUID, Forecast] = field(default_factory=dict)
    proofs: Mapping[UUID, StoreProof] = field(default_factory=dict)


async def read_picture(asked: str) -> Picture:
    """Read; `asked` is the store of the address, nonsense in it means all."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        status = await read_status(tx, actor, now)
        store_id = next((s.store.id for s in status.stores if str(s.store.id) == asked), None)
        goods = await catalog.list_products(tx, actor, ProductFilter(store_id=store_id))
        return Picture(
            now=now,
            store_id=store_id,
            status=status,
            counts=goods.counts,
            conditions=await stores.why_not(tx, actor, now, store_id),
            day=await stores.day_of_bots(tx, actor, now, store_id),
            latest=await stores.latest_changes(tx, actor, store_id),
            yesterday=await overview.yesterday(tx, actor, now, store_id),
            more_first=await overview.more_first_places(tx, actor, now, store_id),
            wars=await wars.week_of_wars(tx, actor, now, store_id),
            forecasts=await pricing.changes_forecasts(tx, actor, now, limit=status.changes_limit),
            proofs=await pricing.store_proofs(tx, actor, now),
        )
