"""Replays over the database: one product, a run in slices, cancel, whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from records import NOON, add_product, add_store, add_user, seller
from sqlmodel import col, select

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.catalog.errors import ProductNotFound
from cube_demper.domain.market import service as market
from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.domain.replay import service as replays
from cube_demper.domain.replay.errors import NothingToReplay, ReplayBusy, ReplayNotFound
from cube_demper.domain.replay.schemas import Outcome
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.stores import DempingSettings, KaspiStore
from cube_demper.models.trust import ReplayResult, ReplayStatus

ALMATY = "750000000"
HOUSE = replays.House(10, 30)
UNDERCUT = TermsChange(strategy="standard", step=100)


async def _shop(db: Database, goods: int = 1) -> tuple[User, KaspiStore, list[Product]]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        return user, store, [await add_product(tx, store) for _ in range(goods)]


async def _record(db: Database, store: KaspiStore, product: Product, *, days: int = 3) -> None:
    """Record a market in which a rival stands 100 ₸ below us, moved once an hour."""
    for hour in range(days * 24):
        at = NOON - timedelta(days=days) + timedelta(hours=hour)
        rival = 990_000 + hour % 2 * 100
        offers = (
            Offer("R1", "Конкурент", rival),
            Offer(store.merchant_id, "Мы", 1_000_000, merchant_sku=product.kaspi_sku),
        )
        look = Market(product.external_kaspi_id or "", ALMATY, offers, len(offers), at)
        async with db.write() as tx:
            await market.remember_markets(tx, SYSTEM, [look])


async def _replayed(
    db: Database, actor: Actor, product_id: UUID, rule: TermsChange = UNDERCUT, **options: Any
) -> Outcome:
    async with db.read() as tx:
        given = {"days": 7, "now": NOON, "house": HOUSE} | options
        return await replays.replay_product(tx, actor, product_id, rule, **given)


async def test_a_product_is_replayed_over_what_was_recorded_and_says_how_much_that_is(
    db: Database,
) -> None:
    user, store, (product,) = await _shop(db)
    await _record(db, store, product)
    outcome = await _replayed(db, seller(user), product.id)
    assert outcome.recorded == timedelta(days=3)
    assert outcome.until - outcome.since == timedelta(days=7)
    assert (outcome.real.first_share, outcome.real.mean_price) == (0, 1_000_000)
    assert (outcome.tried.first_share or 0) > 0.95
    assert outcome.tried.changes == 72
    assert outcome.lines.floor == 900_000
    async with db.read() as tx:
        count = await replays.looks_to_replay(tx, seller(user), product.id, 7, NOON)
    assert count == 72


async def test_the_record_is_read_in_pieces_without_losing_a_look(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, store, (product,) = await _shop(db)
    await _record(db, store, product)
    whole = await _replayed(db, seller(user), product.id)
    monkeypatch.setattr("cube_demper.domain.replay.playing._PIECE", 7)
    assert await _replayed(db, seller(user), product.id) == whole


async def test_another_floor_is_kept_to(db: Database) -> None:
    user, store, (product,) = await _shop(db)
    await _record(db, store, product)
    rule = TermsChange(strategy="always_first", min_price=995_000)
    outcome = await _replayed(db, seller(user), product.id, rule)
    assert outcome.tried.first == timedelta()
    assert min(it.price for it in outcome.lines.tried if it.price) == 995_000
    assert (outcome.tried.floor_share or 0) > 0.99


async def test_rules_that_could_not_be_applied_are_refused(db: Database) -> None:
    user, _, (product,) = await _shop(db)
    for rule in (
        TermsChange(step=50),
        TermsChange(strategy="cheapest"),
        TermsChange(min_price=900_000, max_price=800_000),
        TermsChange(min_price=None, max_price=None),
    ):
        with pytest.raises(InvalidInput):
            await _replayed(db, seller(user), product.id, rule)
    with pytest.raises(InvalidInput):
        await _replayed(db, seller(user), product.id, days=365)


async def test_nobody_replays_anothers_goods(db: Database) -> None:
    _, store, (product,) = await _shop(db)
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    with pytest.raises(ProductNotFound):
        await _replayed(db, stranger, product.id)
    with pytest.raises(NothingToReplay):
        await _begin(db, stranger, store)


async def _begin(db: Database, actor: Actor, store: KaspiStore, **options: Any) -> UUID:
    async with db.write() as tx:
        given = {"product_ids": None, "days": 7, "now": NOON} | options
        return await replays.begin_run(tx, actor, store.id, UNDERCUT, **given)


async def _slice(db: Database, run_id: UUID) -> bool:
    async with db.read() as tx:
        found = await replays.next_of_run(tx, SYSTEM, run_id)
        if found is None:
            return False
        run, ids = found
        results = [await replays.play_for_run(tx, SYSTEM, run, it, HOUSE) for it in ids]
    async with db.write() as tx:
        return await replays.keep_results(tx, SYSTEM, run_id, results, NOON)


async def test_a_run_is_played_in_slices_and_summed_up(db: Database) -> None:
    user, store, goods = await _shop(db, 12)
    await _record(db, store, goods[0], days=1)
    run_id = await _begin(db, seller(user), store)
    async with db.read() as tx:
        (message,) = await tx.scalars(select(OutboxMessage))
    assert (message.topic, message.payload) == (replays.TOPIC, {"run_id": str(run_id)})
    assert await _slice(db, run_id)
    async with db.read() as tx:
        half = await replays.find_run(tx, seller(user))
    assert half is not None
    assert (half.status, half.done, half.total) == (ReplayStatus.RUNNING, 10, 12)
    assert await _slice(db, run_id)
    assert not await _slice(db, run_id)
    async with db.read() as tx:
        whole = await replays.find_run(tx, seller(user), run_id)
        sums, rows = await replays.results_of(tx, seller(user), run_id)
    assert whole is not None
    assert (whole.status, whole.done) == (ReplayStatus.DONE, 12)
    assert (sums.goods, sums.recorded, sums.real_first) == (1, timedelta(days=1), 0)
    assert (sums.first_gain or 0) > 0.9
    assert sums.price_change == pytest.approx(-1, abs=0.1)
    assert [row.product_id for row in rows] == [goods[0].id]
    assert rows[0].tried.mean_price == pytest.approx(990_000, rel=0.001)


async def test_a_slice_played_twice_counts_once(db: Database) -> None:
    user, store, goods = await _shop(db, 2)
    run_id = await _begin(db, seller(user), store, product_ids=[goods[0].id])
    async with db.read() as tx:
        run, ids = await replays.next_of_run(tx, SYSTEM, run_id) or pytest.fail("no run")
        results = [await replays.play_for_run(tx, SYSTEM, run, it, HOUSE) for it in ids]
    assert ids == [goods[0].id]
    for _ in range(2):
        async with db.write() as tx:
            await replays.keep_results(tx, SYSTEM, run_id, results, NOON)
    async with db.read() as tx:
        kept = (await tx.scalars(select(ReplayResult))).all()
    assert len(kept) == 1


async def test_a_cancelled_run_stops_and_makes_room_for_another(db: Database) -> None:
    user, store, _ = await _shop(db, 12)
    run_id = await _begin(db, seller(user), store)
    with pytest.raises(ReplayBusy):
        await _begin(db, seller(user), store)
    await _slice(db, run_id)
    async with db.write() as tx:
        await replays.cancel_run(tx, seller(user), run_id, NOON)
    assert not await _slice(db, run_id)
    async with db.read() as tx:
        view = await replays.find_run(tx, seller(user), run_id)
    assert view is not None
    assert (view.status, view.done) == (ReplayStatus.CANCELLED, 10)
    await _begin(db, seller(user), store)


async def test_runs_are_their_sellers_and_slices_the_workers(db: Database) -> None:
    user, store, _ = await _shop(db)
    run_id = await _begin(db, seller(user), store)
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    async with db.read() as tx:
        assert await replays.find_run(tx, stranger) is None
        with pytest.raises(ReplayNotFound):
            await replays.results_of(tx, stranger, run_id)
        with pytest.raises(PermissionDenied):
            await replays.next_of_run(tx, seller(user), run_id)
    with pytest.raises(ReplayNotFound):
        async with db.write() as tx:
            await replays.cancel_run(tx, stranger, run_id, NOON)


async def test_chosen_goods_of_other_stores_are_left_out(db: Database) -> None:
    user, store, (product,) = await _shop(db)
    async with db.write() as tx:
        other = await add_product(tx, await add_store(tx, user))
        without_card = await add_product(tx, store, external_kaspi_id=None)
    run_id = await _begin(
        db, seller(user), store, product_ids=[product.id, other.id, without_card.id]
    )
    async with db.read() as tx:
        _, ids = await replays.next_of_run(tx, SYSTEM, run_id) or pytest.fail("no run")
        assert (
            await tx.scalars(select(col(Product.store_id)).where(col(Product.id).in_(ids)))
        ).all() == [store.id]


async def test_more_goods_than_could_be_applied_to_are_refused(db: Database) -> None:
    user, store, _ = await _shop(db)
    with pytest.raises(InvalidInput):
        await _begin(db, seller(user), store, product_ids=[uuid4()] * 1_001)


async def test_a_view_says_which_goods_were_chosen(db: Database) -> None:
    user, store, goods = await _shop(db, 2)
    await _begin(db, seller(user), store, product_ids=[goods[1].id])
    async with db.read() as tx:
        view = await replays.find_run(tx, seller(user))
    assert view is not None
    assert view.product_ids == (goods[1].id,)


async def _run_result(
    db: Database, user: User, store: KaspiStore, rule: replays.StoreRule
) -> ReplayResult:
    async with db.write() as tx:
        run_id = await replays.begin_run(
            tx,
            seller(user),
            store.id,
            TermsChange(),
            product_ids=None,
            days=7,
            now=NOON,
            store_rule=rule,
        )
    async with db.read() as tx:
        found = await replays.next_of_run(tx, SYSTEM, run_id)
        assert found is not None
        run, ids = found
        results = [await replays.play_for_run(tx, SYSTEM, run, it, HOUSE) for it in ids]
    async with db.write() as tx:
        await replays.keep_results(tx, SYSTEM, run_id, results, NOON)
        await replays.keep_results(tx, SYSTEM, run_id, [], NOON)
    return results[0]


async def test_bounds_in_per_cent_and_rules_of_rivals_are_tried_over_many_goods(
    db: Database,
) -> None:
    user, store, (product,) = await _shop(db)
    await _record(db, store, product)  # a rival without reviews, 1 % below us
    as_now = await _run_result(db, user, store, replays.StoreRule(min_rating=0))
    nobody = await _run_result(db, user, store, replays.StoreRule(min_reviews=10))
    raised = await _run_result(db, user, store, replays.StoreRule(min_percent=100))
    without = await _run_result(db, user, store, replays.StoreRule(excluded_merchants=("R1",)))
    only_other = await _run_result(db, user, store, replays.StoreRule(only_merchants=("R2",)))
    only_this = await _run_result(db, user, store, replays.StoreRule(only_merchants=("R1",)))
    assert (as_now.tried_changes, as_now.tried_price) > (1, 980_000)
    assert nobody.tried_changes == 0  # alone, without a max. price: stays
    assert (raised.tried_price, raised.tried_first_s) == (1_000_000, 0)
    assert (without.tried_changes, only_other.tried_changes) == (0, 0)
    assert only_this.tried_price == as_now.tried_price
    async with db.read() as tx:
        run = await replays.find_run(tx, seller(user))
        assert run is not None
        spread = await replays.spread_of(tx, seller(user), run.id)
    assert (sum(spread.real), sum(spread.tried)) == (1, 1)
    assert spread.real[0] == 1
    stranger, _, _ = await _shop(db)
    async with db.read() as tx:
        with pytest.raises(ReplayNotFound):
            await replays.spread_of(tx, seller(stranger), run.id)


async def test_the_stores_delivery_rule_counts_in_a_replay(db: Database) -> None:
    user, store, (product,) = await _shop(db)
    for hour in range(48):
        at = NOON - timedelta(hours=48 - hour)
        slow = Offer("R1", "Медленный", 990_000, delivery=DeliverySpeed.TILL_7_DAYS)
        own = Offer(store.merchant_id, "Мы", 1_000_000, merchant_sku=product.kaspi_sku)
        look = Market(product.external_kaspi_id or "", ALMATY, (slow, own), 2, at)
        async with db.write() as tx:
            await market.remember_markets(tx, SYSTEM, [look])
    assert (await _replayed(db, seller(user), product.id)).tried.changes > 0
    async with db.write() as tx:
        (await tx.scalars(select(DempingSettings))).one().delivery_filter = "till_3_days"
    assert (await _replayed(db, seller(user), product.id)).tried.changes == 0


@pytest.mark.parametrize(
    "rule",
    [
        replays.StoreRule(min_percent=120, max_percent=110),
        replays.StoreRule(min_rating=6),
        replays.StoreRule(min_reviews=-1),
        replays.StoreRule(rival_delivery="tomorrow"),
        replays.StoreRule(excluded_merchants=("Дом техники",)),
        replays.StoreRule(excluded_merchants=("R1",), only_merchants=("R1", "R2")),
    ],
)
async def test_a_rule_of_the_store_that_could_not_be_applied_is_refused(
    db: Database, rule: replays.StoreRule
) -> None:
    user, store, _ = await _shop(db)
    with pytest.raises(InvalidInput):
        await _run_result(db, user, store, rule)
