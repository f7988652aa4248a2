"""SQL of the overview; everything of a seller is filtered by the owner of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Interval,
    Select,
    Subquery,
    cast,
    delete,
    distinct,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.overview.schemas import PlacePoint
from cube_demper.domain.pricing.schemas import Reason
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore
from cube_demper.models.trust import PlaceTally

GUARDED = (
    Reason.BELOW_FLOOR_HOLD,
    Reason.AT_FLOOR,
    Reason.BELOW_FLOOR_TO_FLOOR,
    Reason.SUSPICIOUS_FALL,
)
"""As the index `ix_price_history_guarded` has them."""
_TALLY = text(
    """
    INSERT INTO place_tallies (store_id, at, bots, first, second_third, lower, at_floor)
    SELECT p.store_id, :at, count(*),
        count(*) FILTER (WHERE p.position = 1),
        count(*) FILTER (WHERE p.position IN (2, 3)),
        count(*) FILTER (WHERE p.position > 3),
        count(*) FILTER (WHERE p.last_reason = ANY(CAST(:guarded AS text[])))
    FROM products AS p
    JOIN demping_settings AS s ON s.store_id = p.store_id AND s.is_enabled
    WHERE p.bot_active AND p.last_check_time > :checked_since
    GROUP BY p.store_id
    ON CONFLICT (store_id, at) DO UPDATE SET
        bots = excluded.bots, first = excluded.first, second_third = excluded.second_third,
        lower = excluded.lower, at_floor = excluded.at_floor
    """
)


async def tally(tx: WriteTx, at: datetime, checked_since: datetime) -> None:
    """Count every store's places as of `at`; the same moment again replaces the count."""
    await tx.execute(
        _TALLY,
        {"at": at, "checked_since": checked_since, "guarded": [str(it) for it in GUARDED]},
    )


async def delete_before(tx: WriteTx, before: datetime) -> None:
    """Forget counts that are older."""
    await tx.execute(delete(PlaceTally).where(col(PlaceTally.at) < before))


async def list_places(
    tx: ReadTx, owner_id: UUID, store_id: UUID | None, since: datetime, step: timedelta
) -> list[PlacePoint]:
    """Return the places over time, `step` apart: the last count of each store in each step, added up."""
    slot = func.date_bin(cast(literal(step), Interval), col(PlaceTally.at), since)
    latest = (
        select(
            slot.label("slot"),
            col(PlaceTally.first),
            col(PlaceTally.second_third),
            col(PlaceTally.lower),
        )
        .distinct(slot, col(PlaceTally.store_id))
        .where(_own(PlaceTally, owner_id, store_id), col(PlaceTally.at) >= since)
        .order_by(slot, col(PlaceTally.store_id), col(PlaceTally.at).desc())
        .subquery()
    )
    sums = [func.sum(latest.c[name]) for name in ("first", "second_third", "lower")]
    rows = await tx.execute(
        select(latest.c.slot, *sums).group_by(latest.c.slot).order_by(latest.c.slot)
    )
    return [PlacePoint(at, *map(int, counts)) for at, *counts in rows.all()]


async def sum_of_first_places(
    tx: ReadTx,
    owner_id: UUID,
    store_id: UUID | None,
    moments: tuple[datetime, datetime],
    within: timedelta,
) -> int | None:
    """Return how many more first places there are at the second moment than at the first.

    Only stores counted at both (not longer than `within` before): one that was stopped says nothing.
    """
    counts = [_first_places(owner_id, store_id, moment, within) for moment in moments]
    then, now = counts
    found: int | None = await tx.scalar(
        select(func.sum(now.c.first - then.c.first)).join_from(
            then, now, now.c.store_id == then.c.store_id
        )
    )
    return found


def _first_places(
    owner_id: UUID, store_id: UUID | None, moment: datetime, within: timedelta
) -> Subquery:
    at = col(PlaceTally.at)
    return (
        select(col(PlaceTally.store_id), col(PlaceTally.first))
        .distinct(col(PlaceTally.store_id))
        .where(_own(PlaceTally, owner_id, store_id), at <= moment, at >= moment - within)
        .order_by(col(PlaceTally.store_id), at.desc())
        .subquery()
    )


async def sums_of_sends(
    tx: ReadTx, owner_id: UUID, store_id: UUID | None, since: datetime
) -> tuple[int, int, int]:
    """Count prices raised, prices lowered and goods that took the first place since then."""
    send, old, new = (
        distinct(col(PriceHistory.send_id)),
        col(PriceHistory.old_price),
        col(PriceHistory.new_price),
    )
    took_first = (
        col(PriceHistory.status) == PriceStatus.CONFIRMED,
        _number("place") > 1,
        _number("target_place") == 1,
    )
    counts: tuple[Any, ...] = (
        func.count(send).filter(new > old),
        func.count(send).filter(new < old),
        func.count(distinct(col(PriceHistory.product_id))).filter(*took_first),
    )
    raised, lowered, won = (
        await tx.execute(_sent(select(*counts), owner_id, store_id, since))
    ).one()
    return raised, lowered, won


@dataclass(frozen=True, slots=True)
class Shift:
    """How changed prices stand against those before: their sum (tiyn), and goods by direction."""

    total: int
    cheaper: int
    dearer: int
    returned: int
    unseen: int


async def shift_of_prices(
    tx: ReadTx, owner_id: UUID, store_id: UUID | None, since: datetime
) -> Shift:
    """Compare each changed product's last price with the one before its first change since then."""
    sent_at = col(PriceHistory.sent_at)
    before = func.array_agg(aggregate_order_by(col(PriceHistory.old_price), sent_at.asc()))
    now = func.array_agg(aggregate_order_by(col(PriceHistory.new_price), sent_at.desc()))
    status = func.array_agg(aggregate_order_by(col(PriceHistory.status), sent_at.desc()))
    changed = (
        _sent(
            select((now[1] - before[1]).label("shift"), status[1].label("status")),
            owner_id,
            store_id,
            since,
        )
        .where(col(PriceHistory.old_price) != col(PriceHistory.new_price))
        .group_by(col(PriceHistory.product_id))
        .subquery()
    )
    shift = changed.c.shift
    row = await tx.execute(
        select(
            func.coalesce(func.sum(shift), 0),
            func.count().filter(shift < 0),
            func.count().filter(shift > 0),
            func.count().filter(shift == 0),
            func.count().filter(changed.c.status != PriceStatus.CONFIRMED),
        ).select_from(changed)
    )
    total, *counts = row.one()
    return Shift(int(total), *counts)


async def count_guarded(tx: ReadTx, owner_id: UUID, store_id: UUID | None, since: datetime) -> int:
    """Count goods whose bot refused to follow a rival since then."""
    guarded: Sequence[Any] = [literal(str(reason), literal_execute=True) for reason in GUARDED]
    found = await tx.scalar(
        select(func.count(distinct(col(PriceHistory.product_id)))).where(
            _own(PriceHistory, owner_id, store_id),
            col(PriceHistory.created_at) > since,
            col(PriceHistory.change_reason).in_(guarded),
        )
    )
    return found or 0


def _sent(
    query: Select[Any], owner_id: UUID, store_id: UUID | None, since: datetime
) -> Select[Any]:
    """Narrow a query to what left for Kaspi since then and was taken, in each store's home city.

    A newer price ends the wait for an older one (`superseded`), which had left all the same.
    """
    return (
        query.select_from(PriceHistory)
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            _own(PriceHistory, owner_id, store_id),
            col(PriceHistory.sent_at) > since,
            col(PriceHistory.status) != PriceStatus.REFUSED,
            col(PriceHistory.city_id) == col(KaspiStore.home_city_id),
        )
    )


def _own(
    table: type[PriceHistory | PlaceTally], owner_id: UUID, store_id: UUID | None
) -> ColumnElement[bool]:
    own = select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == owner_id)
    if store_id is not None:
        own = own.where(col(KaspiStore.id) == store_id)
    return col(table.store_id).in_(own)


def _number(key: str) -> ColumnElement[int]:
    return cast(col(PriceHistory.decision)[key].astext, Integer)
