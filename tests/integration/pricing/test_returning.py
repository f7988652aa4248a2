"""Taking the last hour back: in bounds, once, and the bot keeps off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pricing_bot import RIVAL, Bot, make_bot, make_product
from records import NOON, add_user, seller
from sqlmodel import col, select, update

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.pricing import sending
from cube_demper.domain.pricing.returning.schemas import Return, Skip
from cube_demper.domain.pricing.returning.service import Scope, preview_return, return_prices
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.pricing.worth import CHANGES_WINDOW
from cube_demper.domain.stores import service as stores
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import Channel, DempingSettings, KaspiStore

NOW = NOON + timedelta(minutes=10)
OLD, LOW = 1_200_000, 1_099_900


async def fallen(db: Database) -> Bot:
    """Make a bot whose price has just gone from 12 000 to 10 999 ₸, seen on the window."""
    bot = await make_bot(db)
    await bot.look(NOON, OLD, (RIVAL, 1_100_000))
    await bot.look(NOON + timedelta(minutes=3), LOW, (RIVAL, 1_100_000))
    return bot


async def back(bot: Bot, actor: Actor | None = None, scope: Scope | None = None) -> Return:
    async with bot.db.write() as tx:
        return await return_prices(tx, actor or bot.actor, scope or Scope(), NOW)


async def rows(db: Database) -> list[PriceHistory]:
    async with db.read() as tx:
        return list(
            (await tx.scalars(select(PriceHistory).order_by(col(PriceHistory.created_at)))).all()
        )


async def set_product(bot: Bot, **values: object) -> None:
    async with bot.db.write() as tx:
        await tx.execute(update(Product).values(**values))


async def test_the_preview_says_what_the_return_then_does(db: Database) -> None:
    bot = await fallen(db)
    async with db.read() as tx:
        shown = await preview_return(tx, bot.actor, Scope(), NOW)
    assert (shown.goods, shown.rises, shown.falls, shown.cut) == (1, 1, 0, 0)
    assert (await back(bot)).backs == shown.backs
    last = (await rows(db))[-1]
    assert (last.new_price, last.status) == (OLD, PriceStatus.QUEUED)
    assert last.change_reason == "returned_by_seller"


async def test_it_leaves_by_the_queue_once_and_the_bot_keeps_off(db: Database) -> None:
    bot = await fallen(db)
    await back(bot)
    assert (await back(bot)).skipped == {Skip.ALREADY: 1}
    await bot.look(NOW + timedelta(minutes=1), LOW, (RIVAL, 1_100_000))
    sent = (await rows(db))[-1]
    assert (sent.new_price, sent.status, sent.attempt) == (OLD, PriceStatus.SENT, 1)
    await bot.look(NOW + timedelta(minutes=12), OLD, (RIVAL, 1_100_000))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW, OLD]
    await bot.look(NOW + timedelta(minutes=61), OLD, (RIVAL, 1_100_000))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW, OLD, LOW]


async def test_it_says_when_the_last_leaves_where_the_changes_are_used_up(db: Database) -> None:
    bot = await fallen(db)
    async with db.read() as tx:
        free = await preview_return(tx, bot.actor, Scope(), NOW)
        short = await preview_return(tx, bot.actor, Scope(changes_limit=1), NOW)
    assert (free.is_at_once, free.waits_until) == (True, None)
    (sent,) = [row.sent_at for row in await rows(db) if row.sent_at]
    assert short.waits_until == sent + CHANGES_WINDOW


async def test_it_says_how_long_kaspi_takes_nothing(db: Database) -> None:
    bot = await fallen(db)
    until = NOW + timedelta(minutes=25)
    async with db.write() as tx:
        await tx.execute(update(KaspiStore).values(sends_blocked_until=until))
    assert (await back(bot)).waits_until == until


async def test_prices_of_a_price_list_leave_with_it(db: Database) -> None:
    bot = await fallen(db)
    async with db.write() as tx:
        await tx.execute(update(KaspiStore).values(channel=Channel.FEED, guid=None))
    plan = await back(bot, scope=Scope(changes_limit=1))
    assert (plan.by_feed, plan.waits_until, plan.is_at_once) == (1, None, False)


async def test_the_floor_of_now_is_the_limit(db: Database) -> None:
    bot = await fallen(db)
    await set_product(bot, max_price=1_150_000)
    (it,) = (await back(bot)).backs
    assert (it.target, it.is_cut) == (1_150_000, True)


async def test_a_floor_raised_in_between_stops_it_at_the_last_check(db: Database) -> None:
    bot = await fallen(db)
    await back(bot)
    await set_product(bot, min_price=1_250_000)
    terms = store_terms(bot.store, min_price_tenge=10, max_fall_percent=30)
    async with db.write() as tx:
        batch = await sending.take_batch(tx, [bot.product_id], bot.store, terms, NOW)
    assert not batch.sends


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"bot_active": False}, Skip.BOT_OFF),
        ({"min_price": None, "base_price": None}, Skip.NO_BOUNDS),
    ],
)
async def test_what_cannot_go_back_says_why(
    db: Database, values: dict[str, object], reason: Skip
) -> None:
    bot = await fallen(db)
    await set_product(bot, **values)
    assert (await back(bot)).skipped == {reason: 1}


async def test_a_store_that_may_not_send_is_left_alone(db: Database) -> None:
    bot = await fallen(db)
    async with db.write() as tx:
        await tx.execute(update(DempingSettings).values(is_enabled=False))
    assert (await back(bot)).skipped == {Skip.STORE_RESTS: 1}


async def test_a_send_of_unknown_outcome_is_left_alone(db: Database) -> None:
    bot = await fallen(db)
    async with db.write() as tx:
        await tx.execute(update(PriceHistory).values(status=PriceStatus.UNKNOWN))
    assert (await back(bot)).skipped == {Skip.ON_ITS_WAY: 1}


async def test_what_waited_is_dropped_and_a_check_under_way_is_void(db: Database) -> None:
    bot = await fallen(db)
    async with db.write() as tx:
        await tx.execute(
            update(Product).values(claimed_by=bot.store.id, claimed_until=NOW + timedelta(hours=1))
        )
        row = (await tx.scalars(select(PriceHistory))).first()
        assert row
        tx.add(
            PriceHistory(
                product_id=row.product_id,
                store_id=row.store_id,
                city_id=row.city_id,
                new_price=1_050_000,
                change_reason="undercut",
                status=PriceStatus.QUEUED,
            )
        )
    await back(bot)
    dropped = [row.note for row in await rows(db) if row.status == PriceStatus.SUPERSEDED]
    assert dropped == ["Вы вернули цены, которые были час назад."]
    async with db.read() as tx:
        assert (await tx.scalars(select(Product.claimed_by))).one() is None


async def test_older_changes_stay(db: Database) -> None:
    bot = await fallen(db)
    async with db.write() as tx:
        done = await return_prices(tx, bot.actor, Scope(), NOON + timedelta(minutes=61))
    assert done == Return(until=done.until)


async def test_only_the_seller_takes_back_and_only_their_own(db: Database) -> None:
    bot = await fallen(db)
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    for scope in (Scope(), Scope(product_ids=[bot.product_id]), Scope(store_id=bot.store.id)):
        assert (await back(bot, stranger, scope)).goods == 0
    with pytest.raises(PermissionDenied):
        await back(bot, SYSTEM)
    assert (await back(bot, scope=Scope(store_id=bot.store.id))).goods == 1


async def stop_and_start(bot: Bot) -> None:
    async with bot.db.write() as tx:
        await stores.stop_bot(tx, bot.actor, [bot.store.id], NOW)
    async with bot.db.write() as tx:
        await stores.start_bot(tx, bot.actor, [bot.store.id], NOW)


async def test_what_a_stop_took_off_the_queue_stays_off_after_a_start(db: Database) -> None:
    bot = await fallen(db)
    await back(bot)
    await stop_and_start(bot)
    await bot.look(NOW + timedelta(minutes=1), LOW, (RIVAL, 1_100_000))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW]
    # Nor is the price held where nobody wanted it: the bot answers the market again.
    await bot.look(NOW + timedelta(minutes=2), LOW, (RIVAL, 1_090_000))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW, 1_089_900]


async def test_what_had_gone_back_before_a_stop_rests_on_after_a_start(db: Database) -> None:
    bot = await fallen(db)
    await back(bot)
    await bot.send(NOW)
    await stop_and_start(bot)
    await bot.look(NOW + timedelta(minutes=12), OLD, (RIVAL, 1_100_000))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW, OLD]


async def test_a_return_does_not_grow_old_in_the_queue_and_rests_once_it_has_left(
    db: Database,
) -> None:
    bot = await fallen(db)
    await back(bot)
    for minutes in (30, 61, 90):  # 250 changes in half an hour: hundreds of goods wait for hours
        at = NOW + timedelta(minutes=minutes)
        await bot.look(at, LOW, (RIVAL, 1_050_000), sends=False)
    await bot.send(NOW + timedelta(minutes=95))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW, OLD]
    await bot.look(NOW + timedelta(minutes=110), OLD, (RIVAL, 1_100_000))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW, OLD]
    await bot.look(NOW + timedelta(minutes=156), OLD, (RIVAL, 1_100_000))
    assert [row.new_price for row in await rows(db) if row.sent_at] == [LOW, OLD, LOW]


async def test_a_second_try_that_waits_is_dropped_where_the_old_price_stands(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, OLD, (RIVAL, 1_100_000))
    async with db.write() as tx:  # never shown: it is to be sent again
        await tx.execute(update(PriceHistory).values(status=PriceStatus.QUEUED))
        other = await make_product(tx, await tx.get_one(KaspiStore, bot.store.id), "78")
    await bot.look_away()
    second = bot.on(other.id)
    await second.look(NOON + timedelta(minutes=1), OLD, (RIVAL, 1_100_000))
    await second.look(NOON + timedelta(minutes=3), LOW, (RIVAL, 1_100_000))
    done = await back(bot)
    assert (done.goods, done.skipped) == (1, {Skip.SAME: 1})
    assert done.concerned == sorted([bot.product_id, second.product_id])
    await bot.send(NOW + timedelta(minutes=1))
    assert {row.new_price for row in await rows(db) if row.status == PriceStatus.SENT} == set()
