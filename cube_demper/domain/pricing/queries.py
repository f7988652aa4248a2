"""SQL of checks: reading terms, writing outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    String,
    Update,
    Uuid,
    any_,
    bindparam,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing.schemas import RETURNS, Memory
from cube_demper.domain.pricing.work import HeldClaim, OpenSend
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import PriceHistory, PriceStatus, PricingMemory

OPEN_STATUSES = (
    PriceStatus.QUEUED,
    PriceStatus.SENDING,
    PriceStatus.SENT,
    PriceStatus.UNKNOWN,
)
IN_FLIGHT_STATUSES = OPEN_STATUSES[1:]
_OPEN: list[ColumnElement[str]] = [literal_column(f"'{status}'") for status in OPEN_STATUSES]
"""Said in the statement itself, so that the index of open rows is known to hold them all."""
_DROP_SUGGESTIONS = text(
    """
    UPDATE price_history SET status = 'superseded', note = :note
    FROM unnest(:products, :cities) AS place (product_id, city_id)
    WHERE price_history.product_id = place.product_id AND price_history.city_id = place.city_id
        AND status = 'suggested'
    """
).bindparams(bindparam("products", type_=ARRAY(Uuid)), bindparam("cities", type_=ARRAY(String)))


# One text for any number of rows: a statement that grows with them is built anew each time.
_SAVE_MEMORIES = text(
    """
    INSERT INTO pricing_memory (product_id, city_id, memory)
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        product_id uuid, city_id text, memory jsonb
    )
    ON CONFLICT (product_id, city_id) DO UPDATE SET memory = excluded.memory
    """
)


async def release_claims(tx: WriteTx, claim_id: UUID) -> None:
    """Give back what this process has not finished, so that others need not wait for the lease."""
    await tx.execute(
        update(Product)
        .where(col(Product.claimed_by) == claim_id)
        .values(claimed_until=None, claimed_by=None)
    )


async def still_claimed(
    tx: WriteTx, product_ids: Iterable[UUID], claim_id: UUID
) -> dict[UUID, HeldClaim]:
    """Lock those products that we have claimed, and say how each stands now.

    Everybody locks products first, in the order of ids, and decisions after: so nobody deadlocks.
    """
    rows = await tx.execute(
        select(col(Product.id), col(Product.next_check_at), col(Product.claimed_until))
        .where(_among(col(Product.id), product_ids), col(Product.claimed_by) == claim_id)
        .order_by(col(Product.id))
        .with_for_update(key_share=True)
    )
    return {product_id: HeldClaim(due_at, until) for product_id, due_at, until in rows.tuples()}


async def list_products(
    tx: ReadTx, product_ids: Iterable[UUID], *, lock: bool = False
) -> Sequence[Product]:
    """Read products afresh; `lock` keeps edits and checks waiting until the transaction ends."""
    query = select(Product).where(_among(col(Product.id), product_ids)).order_by(col(Product.id))
    if lock:
        query = query.with_for_update(key_share=True)
    return (await tx.scalars(query.execution_options(populate_existing=True))).all()


async def lock_products(tx: WriteTx, product_ids: Iterable[UUID]) -> None:
    """Keep edits and checks of these products waiting until the transaction ends; read nothing."""
    query = select(col(Product.id)).where(_among(col(Product.id), product_ids))
    await tx.execute(query.order_by(col(Product.id)).with_for_update(key_share=True))


async def city_prices(
    tx: ReadTx, product_ids: Iterable[UUID]
) -> dict[UUID, list[ProductCityPrice]]:
    """Return the rows of other cities by product."""
    found: dict[UUID, list[ProductCityPrice]] = defaultdict(list)
    rows = await tx.scalars(
        select(ProductCityPrice)
        .where(_among(col(ProductCityPrice.product_id), product_ids))
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found[row.product_id].append(row)
    return found


async def plain_city_prices(
    tx: ReadTx, product_ids: Iterable[UUID]
) -> dict[UUID, dict[str, int | None]]:
    """Return the last known price in other cities, by product: for thousands of goods at once."""
    found: dict[UUID, dict[str, int | None]] = defaultdict(dict)
    rows = await tx.execute(
        select(
            col(ProductCityPrice.product_id),
            col(ProductCityPrice.city_id),
            col(ProductCityPrice.price),
        ).where(_among(col(ProductCityPrice.product_id), product_ids))
    )
    for product_id, city_id, price in rows:
        found[product_id][city_id] = price
    return found


async def memories(tx: ReadTx, product_ids: Iterable[UUID]) -> dict[UUID, dict[str, Memory]]:
    """Return what is remembered of these products, by city."""
    found: dict[UUID, dict[str, Memory]] = defaultdict(dict)
    rows = await tx.execute(
        select(
            col(PricingMemory.product_id), col(PricingMemory.city_id), col(PricingMemory.memory)
        ).where(_among(col(PricingMemory.product_id), product_ids))
    )
    for product_id, city_id, memory in rows:
        found[product_id][city_id] = Memory.from_json(memory)
    return found


async def open_sends(tx: ReadTx, product_ids: Iterable[UUID]) -> dict[UUID, list[OpenSend]]:
    """Return the rows of these products that are queued, on their way or not yet seen."""
    found: dict[UUID, list[OpenSend]] = defaultdict(list)
    rows = await tx.execute(
        select(
            col(PriceHistory.id),
            col(PriceHistory.product_id),
            col(PriceHistory.city_id),
            col(PriceHistory.new_price),
            col(PriceHistory.status),
            col(PriceHistory.sent_at),
            col(PriceHistory.queued_at),
            col(PriceHistory.worth),
            col(PriceHistory.approved_at),
            col(PriceHistory.created_at),
            col(PriceHistory.change_reason).in_(RETURNS),
        ).where(
            _among(col(PriceHistory.product_id), product_ids),
            col(PriceHistory.status).in_(_OPEN),
        )
    )
    for row_id, product_id, city_id, target, *rest in rows:
        send = OpenSend(row_id, product_id, city_id, target or 0, *cast("tuple[Any, ...]", rest))
        found[product_id].append(send)
    return found


async def save_memories(tx: WriteTx, memories_: Sequence[tuple[UUID, str, Memory]]) -> None:
    """Write what is to be remembered."""
    if memories_:
        rows = [
            {"product_id": str(product_id), "city_id": city_id, "memory": memory.to_json()}
            for product_id, city_id, memory in memories_
        ]
        await tx.execute(_SAVE_MEMORIES, {"rows": orjson.dumps(rows).decode()})


async def update_products(tx: WriteTx, changes: Sequence[dict[str, object]]) -> None:
    """Write the results of checks; each change names its product in `product_id`."""
    for names, group in _by_columns(changes):
        await (await tx.connection()).execute(_product_update(names), group)


async def update_city_prices(tx: WriteTx, changes: Sequence[dict[str, object]]) -> None:
    """Write the results of checks of other cities, by `row_product` and `row_city`."""
    for names, group in _by_columns(changes):
        await (await tx.connection()).execute(_city_price_update(names), group)


@cache
def _product_update(names: tuple[str, ...]) -> Update:
    return (
        update(Product)
        .where(col(Product.id) == bindparam("product_id"))
        .values({name: bindparam(name) for name in names})
    )


@cache
def _city_price_update(names: tuple[str, ...]) -> Update:
    return (
        update(ProductCityPrice)
        .where(
            col(ProductCityPrice.product_id) == bindparam("row_product"),
            col(ProductCityPrice.city_id) == bindparam("row_city"),
        )
        .values({name: bindparam(name) for name in names})
    )


async def supersede(
    tx: WriteTx, row_ids: Iterable[UUID], *, note: str, statuses: Sequence[str] = OPEN_STATUSES
) -> set[UUID]:
    """Drop rows that are still open, with the reason for the seller; return those that were."""
    done = await tx.scalars(
        update(PriceHistory)
        .where(col(PriceHistory.id).in_(list(row_ids)), col(PriceHistory.status).in_(statuses))
        .values(status=PriceStatus.SUPERSEDED, note=note)
        .returning(col(PriceHistory.id))
    )
    return set(done.all())


async def drop_suggestions(tx: WriteTx, places: Sequence[tuple[UUID, str]], note: str) -> None:
    """Drop older suggestions for these products and cities."""
    if places:
        products, cities = zip(*places, strict=True)
        given = {"products": list(products), "cities": list(cities), "note": note}
        await tx.execute(_DROP_SUGGESTIONS, given)


async def confirm(tx: WriteTx, row_ids: Iterable[UUID], seen_at: datetime) -> None:
    """Mark sends as seen in the shop window, unless they were sent again since the look."""
    await tx.execute(
        update(PriceHistory)
        .where(
            col(PriceHistory.id).in_(list(row_ids)),
            col(PriceHistory.status).in_(OPEN_STATUSES),
            col(PriceHistory.sent_at) < seen_at,
        )
        .values(status=PriceStatus.CONFIRMED, confirmed_at=seen_at, confirm_at=None)
    )


def _among(column: Mapped[UUID], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """One array, not a parameter for each id: those cost more CPU to write and to plan than to find."""
    return column == any_(literal(list(ids), ARRAY(Uuid)))


def _by_columns(
    changes: Sequence[dict[str, object]],
) -> list[tuple[tuple[str, ...], list[dict[str, object]]]]:
    keys = {"product_id", "row_product", "row_city"}
    groups: dict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
    for change in changes:
        groups[tuple(sorted(change.keys() - keys))].append(change)
    return list(groups.items())
