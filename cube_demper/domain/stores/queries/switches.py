"""Reading and changing a store's settings, switches and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    any_,
    case,
    distinct,
    func,
    literal,
    not_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import DempingSettings, KaspiStore

StoreRow = tuple[KaspiStore, DempingSettings | None]


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """The one door to stores: a seller sees their own, staff and workers all."""
    if actor.role in (Role.SYSTEM, Role.ADMIN, Role.SUPPORT):
        return true()
    return col(KaspiStore.user_id) == actor.owner_id


async def list_stores(tx: ReadTx, actor: Actor, store_id: UUID | None = None) -> Sequence[StoreRow]:
    """Return stores that the actor may see with their settings, in a lasting order."""
    query = (
        select(KaspiStore, DempingSettings)
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .where(readable_by(actor))
        .order_by(col(KaspiStore.name), col(KaspiStore.id))
        .execution_options(populate_existing=True)
    )
    if store_id is not None:
        query = query.where(col(KaspiStore.id) == store_id)
    return [(store, settings) for store, settings in (await tx.execute(query)).all()]


async def save_settings(tx: WriteTx, store_id: UUID, values: dict[str, object]) -> None:
    """Write settings; a store that had none gets a row whose bot is stopped until it is started."""
    statement = insert(DempingSettings).values({"store_id": store_id, "is_enabled": False} | values)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["store_id"], set_=values)
        if values
        else statement.on_conflict_do_nothing(index_elements=["store_id"])
    )


async def set_excluded(tx: WriteTx, store_id: UUID, merchant_id: str, *, is_excluded: bool) -> bool:
    """Put a seller on the store's list of those left out, or take it off; tell whether it changed."""
    await save_settings(tx, store_id, {})
    listed = col(DempingSettings.excluded_merchant_ids)
    is_there = literal(merchant_id) == any_(listed)
    changed = func.array_append if is_excluded else func.array_remove
    rows = await tx.scalars(
        update(DempingSettings)
        .where(
            col(DempingSettings.store_id) == store_id, not_(is_there) if is_excluded else is_there
        )
        .values(excluded_merchant_ids=changed(listed, merchant_id))
        .returning(col(DempingSettings.id))
        .execution_options(synchronize_session=False)
    )
    return bool(rows.all())


async def switch(tx: WriteTx, store_ids: Sequence[UUID], *, is_enabled: bool) -> list[UUID]:
    """Switch the bots of these stores; return the ids of those that were the other way."""
    rows = await tx.scalars(
        update(DempingSettings)
        .where(
            col(DempingSettings.store_id).in_(store_ids),
            col(DempingSettings.is_enabled).is_not(is_enabled),
        )
        .values(is_enabled=is_enabled)
        .returning(col(DempingSettings.store_id))
    )
    return list(rows.all())


async def check_at(tx: WriteTx, store_ids: Sequence[UUID], now: datetime) -> int:
    """Make every product with the bot on due at `now`; return how many."""
    rows = await tx.execute(
        update(Product)
        .where(col(Product.store_id).in_(store_ids), col(Product.bot_active))
        .values(next_check_at=now)
        .returning(col(Product.id))
    )
    return len(rows.all())


async def count_sends(tx: ReadTx, store_ids: Iterable[UUID]) -> tuple[int, int]:
    """Return how many SKUs are queued and how many are on their way to Kaspi right now."""
    status, product = col(PriceHistory.status), distinct(col(PriceHistory.product_id))
    row = await tx.execute(
        select(
            func.count(product).filter(status == PriceStatus.QUEUED),
            func.count(product).filter(status == PriceStatus.SENDING),
        ).where(
            col(PriceHistory.store_id).in_(list(store_ids)),
            status.in_([PriceStatus.QUEUED, PriceStatus.SENDING]),
        )
    )
    queued, sending = row.one()
    return queued, sending


async def count_bots(tx: ReadTx, store_ids: Iterable[UUID]) -> int:
    """Count goods with the bot on."""
    return (
        await tx.scalar(
            select(func.count())
            .select_from(Product)
            .where(col(Product.store_id).in_(list(store_ids)), col(Product.bot_active))
        )
        or 0
    )


async def sum_up_suggestions(tx: ReadTx, store_id: UUID) -> tuple[int, int, int, int]:
    """Return suggestions that still stand: all, falls, rises, the biggest fall in tiyn."""
    latest = (
        select(PriceHistory)
        .distinct(col(PriceHistory.product_id), col(PriceHistory.city_id))
        .join(Product, col(Product.id) == col(PriceHistory.product_id))
        .where(col(PriceHistory.store_id) == store_id, col(Product.bot_active))
        .order_by(
            col(PriceHistory.product_id),
            col(PriceHistory.city_id),
            col(PriceHistory.created_at).desc(),
        )
        .subquery()
    )
    fall = latest.c.old_price - latest.c.new_price
    row = await tx.execute(
        select(
            func.count(),
            func.count().filter(fall > 0),
            func.count().filter(fall < 0),
            func.coalesce(func.max(case((fall > 0, fall), else_=0)), 0),
        )
        .select_from(latest)
        .where(latest.c.status == PriceStatus.SUGGESTED, fall != 0)
    )
    total, falls, rises, biggest = row.one()
    return total, falls, rises, biggest


async def keeps_password(tx: ReadTx, store_id: UUID) -> bool:
    """Tell whether the store can be signed in again without its seller."""
    password = col(KaspiStore.guid)["password"].astext
    found = await tx.scalar(
        select(func.coalesce(password, "") != "").where(col(KaspiStore.id) == store_id)
    )
    return bool(found)


async def require_sign_in(
    tx: WriteTx, store_id: UUID, reason: str | None, cookies: object
) -> tuple[UUID, str] | None:
    """Mark a store; return its owner and name, or None when it was marked or has other cookies."""
    is_theirs = true() if cookies is None else col(KaspiStore.guid)["cookies"].astext == cookies
    row = await tx.execute(
        update(KaspiStore)
        .where(col(KaspiStore.id) == store_id, col(KaspiStore.needs_reauth).is_(False), is_theirs)
        .values(needs_reauth=True, reauth_reason=reason)
        .returning(col(KaspiStore.user_id), col(KaspiStore.name))
    )
    found = row.one_or_none()
    return (found[0], found[1]) if found else None


async def block_sends(tx: WriteTx, store_id: UUID, until: datetime) -> UUID | None:
    """Block a store's sends, never for less than it is blocked already; return its owner."""
    longest = func.greatest(col(KaspiStore.sends_blocked_until), until)
    owner: UUID | None = await tx.scalar(
        update(KaspiStore)
        .where(col(KaspiStore.id) == store_id)
        .values(sends_blocked_until=longest)
        .returning(col(KaspiStore.user_id))
    )
    return owner


async def list_blocks(tx: ReadTx, now: datetime) -> dict[str, datetime]:
    """Return the stores whose price feed is blocked beyond `now`, by merchant."""
    rows = await tx.execute(
        select(col(KaspiStore.merchant_id), col(KaspiStore.sends_blocked_until)).where(
            col(KaspiStore.sends_blocked_until) > now
        )
    )
    return {merchant: until for merchant, until in rows if until is not None}
