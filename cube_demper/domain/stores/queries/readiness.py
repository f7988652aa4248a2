"""Which stores may be worked on now. The whole question is asked of the database in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from cube_demper.db.session import ReadTx
from cube_demper.domain.stores.schemas import BotCutoff
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import Channel, DempingSettings, KaspiStore

_BEFORE_ALL = BotCutoff(switched_on_at=datetime(1970, 1, 1, tzinfo=UTC), product_id=UUID(int=0))
"""No bot was ever switched on so early."""


def is_open_at(local: time) -> ColumnElement[bool]:
    """Return the SQL twin of `rules.is_open`; `local` is the time of day in Almaty."""
    start, end = col(DempingSettings.work_hours_start), col(DempingSettings.work_hours_end)
    return or_(
        start.is_(None),
        and_(start < end, start <= local, end > local),
        and_(start > end, or_(start <= local, end > local)),
    )


def can_send() -> ColumnElement[bool]:
    """A store has a way for prices to reach Kaspi: a cabinet session, or the price list."""
    return or_(col(KaspiStore.guid).is_not(None), col(KaspiStore.channel) == Channel.FEED)


def is_ready(local: time) -> ColumnElement[bool]:
    """All of a store's conditions of DESIGN §5 step 1; the row must be joined with user and settings."""
    return and_(
        col(KaspiStore.is_active),
        col(KaspiStore.needs_reauth).is_(False),
        can_send(),
        col(DempingSettings.is_enabled),
        col(User.is_blocked).is_(False),
        is_open_at(local),
    )


def is_reachable() -> ColumnElement[bool]:
    """A store's cabinet takes what its seller sends by hand, whether its bot runs or not."""
    return and_(
        col(KaspiStore.is_active),
        col(KaspiStore.needs_reauth).is_(False),
        col(KaspiStore.guid).is_not(None),
        col(User.is_blocked).is_(False),
    )


async def list_ready(
    tx: ReadTx,
    condition: ColumnElement[bool],
    store_ids: Sequence[UUID] | None = None,
) -> Sequence[tuple[KaspiStore, DempingSettings]]:
    """Return every store of which the condition holds (only of `store_ids`, when given)."""
    query = (
        select(KaspiStore, DempingSettings)
        .join(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .where(condition)
    )
    if store_ids is not None:
        query = query.where(col(KaspiStore.id).in_(store_ids))
    return [(store, settings) for store, settings in (await tx.execute(query)).all()]


async def waiting_goods(tx: ReadTx, local: time) -> dict[UUID, int]:
    """Count the goods with the bot on, by seller, in stores that may be worked on at `local`."""
    rows = await tx.execute(
        select(KaspiStore.user_id, func.count())
        .join(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .join(Product, col(Product.store_id) == col(KaspiStore.id))
        .where(is_ready(local), col(Product.bot_active))
        .group_by(col(KaspiStore.user_id))
    )
    return dict(rows.tuples().all())


async def find_with_owner(
    tx: ReadTx, store_id: UUID
) -> tuple[KaspiStore, DempingSettings | None, User] | None:
    """Return a store with its settings and its seller, whatever their state."""
    row = await tx.execute(
        select(KaspiStore, DempingSettings, User)
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.id) == store_id)
        .execution_options(populate_existing=True)
    )
    found = row.one_or_none()
    return (found[0], found[1], found[2]) if found else None


async def merchant_ids_by_user(tx: ReadTx, user_ids: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the merchant ids of all stores of each user, switched off ones too."""
    rows = await tx.execute(
        select(KaspiStore.user_id, func.array_agg(col(KaspiStore.merchant_id)))
        .where(col(KaspiStore.user_id).in_(user_ids))
        .group_by(col(KaspiStore.user_id))
    )
    return {user_id: frozenset(ids) for user_id, ids in rows.all()}


async def list_owners(tx: ReadTx) -> list[UUID]:
    """Return everybody who has a store that is switched on."""
    rows = await tx.scalars(select(KaspiStore.user_id).where(col(KaspiStore.is_active)).distinct())
    return list(rows.all())


async def find_cutoffs(tx: ReadTx, limits: Mapping[UUID, int]) -> dict[UUID, BotCutoff]:
    """Return the last bot within the limit for each user who has more; `limits`: user to bots."""
    counts = await tx.execute(
        select(KaspiStore.user_id, func.count())
        .join(Product, col(Product.store_id) == col(KaspiStore.id))
        .where(col(Product.bot_active), col(KaspiStore.user_id).in_(limits))
        .group_by(col(KaspiStore.user_id))
    )
    over: dict[int, list[UUID]] = {}
    for user_id, bots in counts.all():
        if bots > limits[user_id]:
            over.setdefault(limits[user_id], []).append(user_id)
    found: dict[UUID, BotCutoff] = {}
    for limit, user_ids in over.items():
        found |= await _last_within(tx, user_ids, limit)
    return found


async def _last_within(tx: ReadTx, user_ids: Sequence[UUID], limit: int) -> dict[UUID, BotCutoff]:
    """Find it for all who share a limit at once; a plan without bots serves none."""
    if limit < 1:
        return dict.fromkeys(user_ids, _BEFORE_ALL)
    since = func.coalesce(col(Product.bot_enabled_at), col(Product.created_at))
    place = func.row_number().over(
        partition_by=col(KaspiStore.user_id), order_by=(since, col(Product.id))
    )
    bots = (
        select(
            col(KaspiStore.user_id),
            since.label("since"),
            col(Product.id).label("product_id"),
            place.label("place"),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(col(Product.bot_active), col(KaspiStore.user_id).in_(user_ids))
        .subquery()
    )
    rows = await tx.execute(
        select(bots.c.user_id, bots.c.since, bots.c.product_id).where(bots.c.place == limit)
    )
    return {row[0]: BotCutoff(switched_on_at=row[1], product_id=row[2]) for row in rows}


def _is_signed_in() -> ColumnElement[bool]:
    return and_(
        col(KaspiStore.is_active),
        col(KaspiStore.needs_reauth).is_(False),
        col(KaspiStore.guid).is_not(None),
    )


async def find_signed_in(tx: ReadTx, store_id: UUID) -> KaspiStore | None:
    """Return a store whose cabinet can be read."""
    found: KaspiStore | None = await tx.scalar(
        select(KaspiStore).where(col(KaspiStore.id) == store_id, _is_signed_in())
    )
    return found


async def list_synced_before(tx: ReadTx, before: datetime) -> list[tuple[UUID, datetime | None]]:
    """Return stores whose cabinet can be read and was read before then, or never."""
    rows = await tx.execute(
        select(KaspiStore.id, KaspiStore.synced_at).where(
            _is_signed_in(),
            or_(col(KaspiStore.synced_at).is_(None), col(KaspiStore.synced_at) < before),
        )
    )
    return [(store_id, synced_at) for store_id, synced_at in rows]
