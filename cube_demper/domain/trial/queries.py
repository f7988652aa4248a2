"""SQL of the trial: a store's goods without a bot, its standing suggestions, the first steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.trial.schemas import Step
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import DempingSettings, KaspiStore

StoreRow = tuple[KaspiStore, DempingSettings | None]


async def find_store(tx: ReadTx, owner_id: UUID | None, store_id: UUID) -> StoreRow | None:
    """Return a store with its settings; of this seller alone, when one is named."""
    query = (
        select(KaspiStore, DempingSettings)
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.id) == store_id)
        .execution_options(populate_existing=True)
    )
    if owner_id is not None:
        query = query.where(col(KaspiStore.user_id) == owner_id)
    found = (await tx.execute(query)).one_or_none()
    return found.tuple() if found else None


async def shortlist(tx: ReadTx, store_id: UUID, limit: int) -> Sequence[Product]:
    """Return goods without a bot that could take part: priority first, then from the middle of the prices.

    The middle, because the cheapest goods have little to win and the dearest sell seldom.
    """
    could = (
        col(Product.store_id) == store_id,
        col(Product.bot_active).is_(False),
        col(Product.is_on_sale),
        col(Product.external_kaspi_id).is_not(None),
        col(Product.price) > 0,
    )
    middle = (
        select(func.percentile_disc(0.5).within_group(col(Product.price)))
        .where(*could)
        .scalar_subquery()
    )
    known = func.num_nonnulls(col(Product.min_price), col(Product.cost_price)) > 0
    rows = await tx.scalars(
        select(Product)
        .where(*could)
        .order_by(
            col(Product.is_priority).desc(),
            known.desc(),
            func.abs(func.ln(col(Product.price)) - func.ln(middle)),
            col(Product.id),
        )
        .limit(limit)
    )
    return rows.all()


async def count_bots(tx: ReadTx, store_id: UUID) -> int:
    """Count a store's goods with the bot on."""
    found = await tx.scalar(
        select(func.count()).where(col(Product.store_id) == store_id, col(Product.bot_active))
    )
    return found or 0


async def is_being_looked_at(tx: ReadTx, topic: str, store_id: UUID) -> bool:
    """Tell whether a worker still has to look at this store's shortlist."""
    found = await tx.scalar(
        select(
            exists().where(
                col(OutboxMessage.topic) == topic,
                col(OutboxMessage.done_at).is_(None),
                col(OutboxMessage.payload)["store_id"].astext == str(store_id),
            )
        )
    )
    return bool(found)


async def merchant_ids(tx: ReadTx, owner_id: UUID) -> frozenset[str]:
    """Return the merchant ids of a seller's stores."""
    rows = await tx.scalars(
        select(col(KaspiStore.merchant_id)).where(col(KaspiStore.user_id) == owner_id)
    )
    return frozenset(rows.all())


async def list_suggestions(
    tx: ReadTx, owner_id: UUID, store_id: UUID | None, limit: int
) -> Sequence[tuple[PriceHistory, Product]]:
    """Return the suggestions that still stand, the greatest change in per cent first."""
    query = (
        select(PriceHistory, Product)
        .join(Product, col(Product.id) == col(PriceHistory.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            col(KaspiStore.user_id) == owner_id,
            col(PriceHistory.status) == PriceStatus.SUGGESTED,
            col(Product.bot_active),
            col(PriceHistory.new_price) != col(PriceHistory.old_price),
            col(PriceHistory.new_price).is_distinct_from(col(Product.price)),
        )
        .order_by(
            func.abs(
                func.ln(col(PriceHistory.new_price)) - func.ln(col(PriceHistory.old_price))
            ).desc(),
            col(PriceHistory.id),
        )
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    if store_id is not None:
        query = query.where(col(PriceHistory.store_id) == store_id)
    return [row.tuple() for row in (await tx.execute(query)).all()]


async def find_person(tx: ReadTx, user_id: UUID) -> User | None:
    """Return the seller whose first steps are asked for."""
    return await tx.scalar(
        select(User).where(col(User.id) == user_id).execution_options(populate_existing=True)
    )


async def steps_done(tx: ReadTx, owner_id: UUID) -> dict[Step, bool]:
    """Tell which steps of a seller's stores are done, in one statement."""
    own = select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == owner_id).scalar_subquery()
    of_goods = col(Product.store_id).in_(own)
    of_prices = col(PriceHistory.store_id).in_(own)
    row = (
        await tx.execute(
            select(
                exists().where(col(KaspiStore.user_id) == owner_id),
                exists().where(
                    col(KaspiStore.user_id) == owner_id, col(KaspiStore.synced_at).is_not(None)
                ),
                exists().where(of_goods, col(Product.bot_active)),
                exists().where(of_prices, col(PriceHistory.sent_at).is_not(None)),
                exists().where(
                    of_prices,
                    col(PriceHistory.sent_at).is_not(None),
                    col(PriceHistory.confirmed_at).is_not(None),
                ),
            )
        )
    ).one()
    steps = (Step.STORE, Step.CATALOGUE, Step.BOUNDS, Step.APPLIED, Step.SEEN)
    return dict(zip(steps, map(bool, row), strict=True))


async def has_approved(tx: ReadTx, owner_id: UUID) -> bool:
    """Tell whether a suggestion that the seller agreed to waits to be sent."""
    found = await tx.scalar(
        select(
            exists().where(
                col(PriceHistory.store_id).in_(
                    select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == owner_id)
                ),
                col(PriceHistory.status).in_([PriceStatus.QUEUED, PriceStatus.SENDING]),
                col(PriceHistory.approved_at).is_not(None),
            )
        )
    )
    return bool(found)


async def close_steps(tx: WriteTx, user_id: UUID, now: datetime | None) -> None:
    """Put the list of first steps away, or bring it back."""
    await tx.execute(update(User).where(col(User.id) == user_id).values(first_steps_closed_at=now))
