"""A day of the bots: how much they changed, what they wait for, what they did last."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.pricing.explain import explain
from cube_demper.domain.pricing.schemas import Decision, Reason
from cube_demper.domain.stores.journal_schemas import Day, LatestChange
from cube_demper.domain.stores.queries import journal
from cube_demper.models.pricing import PriceHistory

_DAY = timedelta(days=1)


async def day_of_bots(tx: ReadTx, actor: Actor, now: datetime, store_id: UUID | None = None) -> Day:
    """Return what the bots did over 24 hours, and what stands until the seller decides."""
    standing = await journal.count_by_reason(
        tx, actor, store_id, [Reason.SUSPICIOUS_FALL, Reason.BELOW_FLOOR_HOLD]
    )
    return Day(
        changes=await journal.count_changes(tx, actor, store_id, now - _DAY, now),
        suggested=await journal.count_suggested(tx, actor, store_id),
        suspicious=standing.get(Reason.SUSPICIOUS_FALL, 0),
        rival_below_floor=standing.get(Reason.BELOW_FLOOR_HOLD, 0),
        without_floor=await journal.count_without_floor(tx, actor, store_id),
    )


async def latest_changes(
    tx: ReadTx, actor: Actor, store_id: UUID | None = None, *, limit: int = 6
) -> list[LatestChange]:
    """Return the last prices that left for Kaspi, newest first, each with its reason in words."""
    rows = await journal.list_latest(tx, actor, store_id, limit)
    return [
        LatestChange(
            id=row.id,
            product_id=row.product_id,
            product_name=name,
            store_name=store,
            city=city,
            at=row.sent_at or row.created_at,
            old_price=row.old_price,
            new_price=row.new_price,
            status=row.status,
            words=_words(row),
        )
        for row, name, store, city in rows
    ]


def _words(row: PriceHistory) -> str:
    try:
        return explain(Decision.from_json(row.decision))
    except ValueError:
        return ""  # a row of an older release: its prices still tell the story
