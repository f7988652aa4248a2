"""A price that is sent twice keeps both facts: when it left first, and when it left last."""

from __future__ import annotations

from datetime import datetime, timedelta

from pricing_bot import RIVAL, Bot, make_bot
from records import NOON
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing import confirming, queue_queries, send_queries, sending
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.proofs import store_proofs
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.models.pricing import PriceHistory, PriceStatus

OLD, LOW = 1_200_000, 1_099_900
AGAIN = NOON + timedelta(minutes=10)


def _market(at: datetime, own: int) -> Market:
    offers = (Offer(RIVAL, "Конкурент", 1_100_000), Offer("MINE", "Мы", own))
    return Market("77", "750000000", tuple(sorted(offers, key=lambda it: it.price)), 2, at)


async def _row(db: Database) -> PriceHistory:
    """Return the price that was sent; later rows are looks that change nothing."""
    async with db.read() as tx:
        return (
            await tx.scalars(select(PriceHistory).order_by(col(PriceHistory.created_at)))
        ).all()[0]


async def _confirming_look(bot: Bot, at: datetime, own: int) -> None:
    async with bot.db.write() as tx:
        (due,) = await confirming.take_due(tx, at, 10)
        await confirming.settle(tx, due, _market(at, own), at)


async def _not_shown(db: Database) -> Bot:
    """Make a bot whose price left at noon and was not on the window ten minutes later."""
    bot = await make_bot(db)
    await bot.look(NOON, OLD, (RIVAL, 1_100_000))
    await _confirming_look(bot, AGAIN, OLD)
    assert (await _row(db)).status == PriceStatus.QUEUED
    return bot


async def test_both_tries_are_remembered_and_both_count_for_the_limits(db: Database) -> None:
    bot = await _not_shown(db)
    first = await _row(db)
    await bot.send(AGAIN)
    row = await _row(db)
    assert (row.first_sent_at, row.sent_at, row.attempt) == (NOON, AGAIN, 2)
    assert row.first_send_id == first.send_id != row.send_id
    since = NOON - timedelta(minutes=1)
    async with db.read() as tx:
        sent = await pricing.recent_sends(tx, SYSTEM, since)
        assert sorted(sent["MINE"]) == [NOON, AGAIN]
        assert await queue_queries.count_sent(tx, bot.store.id, since) == 2
        left = await queue_queries.sent_since(tx, [bot.store.id], since)
        assert sorted(left[bot.store.id]) == [NOON, AGAIN]


async def test_a_second_try_that_never_left_gives_the_first_one_back(db: Database) -> None:
    bot = await _not_shown(db)
    first = await _row(db)
    terms = store_terms(bot.store, min_price_tenge=10, max_fall_percent=30)
    async with db.write() as tx:
        batch = await sending.take_batch(tx, [bot.product_id], bot.store, terms, AGAIN)
    async with db.write() as tx:
        await sending.not_sent(tx, batch.sends, bot.store)
    row = await _row(db)
    assert (row.status, row.attempt) == (PriceStatus.QUEUED, 1)
    assert (row.sent_at, row.send_id) == (NOON, first.send_id)
    assert (row.first_sent_at, row.first_send_id) == (None, None)


async def test_the_wait_is_told_since_the_first_try_and_teaches_nothing(db: Database) -> None:
    bot = await _not_shown(db)
    await bot.send(AGAIN)
    seen_at = AGAIN + timedelta(minutes=2)
    await _confirming_look(bot, seen_at, LOW)
    row = await _row(db)
    assert (row.status, row.confirmed_at) == (PriceStatus.CONFIRMED, seen_at)
    async with db.read() as tx:
        proof = (await store_proofs(tx, bot.actor, seen_at))[bot.store.id]
        learnt = await send_queries.seen_after(tx, bot.store.id, NOON - timedelta(days=1), 20)
    assert proof.usual == timedelta(minutes=12)
    assert learnt == []


async def test_a_price_seen_while_its_second_try_waits_is_proved_and_not_sent_again(
    db: Database,
) -> None:
    bot = await _not_shown(db)
    late = AGAIN + timedelta(seconds=30)
    await bot.look(late, LOW, (RIVAL, 1_100_000))
    row = await _row(db)
    assert (row.status, row.confirmed_at) == (PriceStatus.CONFIRMED, late)
    assert (row.sent_at, row.attempt) == (NOON, 1)
    async with db.read() as tx:
        statuses = {it.status for it in await tx.scalars(select(PriceHistory))}
    assert statuses == {PriceStatus.CONFIRMED, PriceStatus.HELD}
