"""The least profit in the bot's own transactions: look, decide, the last check, the send."""

from __future__ import annotations

from datetime import timedelta

from pricing_bot import RIVAL, Bot, make_bot
from records import NOON
from sqlmodel import col, select, update

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.economics.shop import service
from cube_demper.domain.stores import service as stores
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus

TERMS = SaleTerms(regime=Regime.IP_SIMPLIFIED, category=("Утюги",), weight_g=900)
PROFIT = 100_000


async def tell(bot: Bot, *, cost: int | None) -> None:
    """Tell the conditions, agree to the figures, set the cost, and read the store anew."""
    async with bot.db.write() as tx:
        await service.save_terms(tx, bot.actor, bot.store.id, TERMS, NOON)
        view = await service.store_terms(tx, bot.actor, bot.store.id, NOON)
        await service.agree(tx, bot.actor, bot.store.id, view.unsure_keys, NOON)
        here = col(Product.id) == bot.product_id
        await tx.execute(update(Product).where(here).values(cost_price=cost))
    await read_anew(bot)


async def read_anew(bot: Bot) -> None:
    async with bot.db.read() as tx:
        (bot.store,) = await stores.ready_stores(tx, SYSTEM, NOON)


async def sent(bot: Bot) -> list[int]:
    async with bot.db.read() as tx:
        statement = select(col(PriceHistory.new_price)).where(
            col(PriceHistory.status).in_([PriceStatus.SENT, PriceStatus.CONFIRMED])
        )
        return list((await tx.scalars(statement)).all())


async def last_words(bot: Bot) -> dict[str, object]:
    async with bot.db.read() as tx:
        newest = col(PriceHistory.created_at).desc()
        row = (await tx.scalars(select(PriceHistory).order_by(newest).limit(1))).one()
        return {"reason": row.change_reason, **row.decision}


async def test_without_a_cost_the_bot_lowers_nothing_and_says_why(db: Database) -> None:
    bot = await make_bot(db, min_profit=PROFIT)
    await tell(bot, cost=None)
    await bot.look(NOON, 1_200_000, (RIVAL, 1_000_000))
    assert await sent(bot) == []
    words = await last_words(bot)
    assert (words["reason"], words["floor_gap"]) == ("below_floor_hold", "cost")
    # A rise is no danger: the rival is far above.
    await bot.look(NOON + timedelta(minutes=30), 1_000_000, (RIVAL, 1_250_000))
    assert await sent(bot) == [1_249_900]


async def test_the_bot_follows_a_rival_down_to_what_leaves_the_profit_and_no_further(
    db: Database,
) -> None:
    bot = await make_bot(db, min_profit=PROFIT)
    await tell(bot, cost=700_000)
    async with db.read() as tx:
        floor = await service.price_leaving(tx, bot.actor, bot.product_id, PROFIT, NOON)
    assert 1_000_000 < floor < 1_200_000
    await bot.look(NOON, 1_200_000, (RIVAL, floor + 10_000))
    assert await sent(bot) == [floor + 9_900]
    later = NOON + timedelta(minutes=30)
    await bot.look(later, floor + 9_900, (RIVAL, floor - 10_000))
    assert (await last_words(bot))["reason"] == "below_floor_hold"
    assert await sent(bot) == [floor + 9_900]


async def test_a_dearer_cost_lifts_a_price_that_no_longer_leaves_the_profit(db: Database) -> None:
    bot = await make_bot(db, min_profit=PROFIT)
    await tell(bot, cost=600_000)
    async with db.write() as tx:
        here = col(Product.id) == bot.product_id
        await tx.execute(update(Product).where(here).values(cost_price=750_000))
    async with db.read() as tx:
        floor = await service.price_leaving(tx, bot.actor, bot.product_id, PROFIT, NOON)
    await bot.look(NOON, 1_000_000, (RIVAL, 990_000))
    assert await sent(bot) == [floor]
    assert (await last_words(bot))["reason"] == "raised_to_floor"
