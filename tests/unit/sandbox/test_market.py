from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cube_demper.core.clock import FixedClock
from cube_demper.sandbox.market import ApplyDelay, Market
from cube_demper.sandbox.pricefeed import Change, FeedRules
from cube_demper.sandbox.seeding import SMALL_PLAN, StorePlan, WorldPlan, make_world
from cube_demper.sandbox.world import Pace, RivalListing, StoreListing, Temper

ALMATY = "750000000"
LIVELY = WorldPlan(
    stores=(StorePlan("30000001", "Лавка", goods=40),),
    rivals=20,
    rivals_per_card=(1, 6),
    lively_share=1.0,
)


def make(plan: WorldPlan = SMALL_PLAN, seed: int = 1) -> tuple[Market, FixedClock, list[Change]]:
    clock = FixedClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
    told: list[Change] = []
    market = Market(
        make_world(plan, seed),
        lambda: clock.now().timestamp(),
        delay=ApplyDelay(5, 60),
        rules=FeedRules(),
        on_change=told.append,
    )
    return market, clock, told


def snapshot(market: Market) -> list[Any]:
    for card in market.world.cards.values():
        market.advance(card)
    return [
        (x.merchant.uid, x.sku, dict(x.prices), x.price_in(ALMATY))
        for card in market.world.cards.values()
        for x in card.listings
    ]


def change_of(good: StoreListing, price: int) -> dict[str, Any]:
    return {
        "store": good.merchant.uid,
        "sku": good.sku,
        "city_prices": {ALMATY: price},
        "price": None,
        "availabilities": None,
        "model": good.model,
    }


def first_good(market: Market) -> StoreListing:
    goods = market.world.stores["30000001"].values()
    return next(good for good in goods if good.price_in(ALMATY))


def test_the_same_seed_and_clock_give_the_same_market() -> None:
    markets = [make(LIVELY, seed=3) for _ in range(2)]
    for _ in range(20):
        for _, clock, _ in markets:
            clock.move(seconds=47)
        assert snapshot(markets[0][0]) == snapshot(markets[1][0])
    other, clock, _ = make(LIVELY, seed=4)
    clock.move(seconds=940)
    assert snapshot(other) != snapshot(markets[0][0])


def test_when_one_looks_does_not_matter() -> None:
    (often, often_clock, _), (once, once_clock, _) = make(LIVELY), make(LIVELY)
    for market in (often, once):
        market.accept(change_of(first_good(market), 9000), is_single=True, ip="-")
    for _ in range(600):
        often_clock.move(seconds=5)
        snapshot(often)
    once_clock.move(seconds=3000)
    assert snapshot(often) == snapshot(once)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_rival_ever_goes_under_its_floor_or_over_its_ceiling(seed: int) -> None:
    market, clock, _ = make(LIVELY, seed)
    for good in list(market.world.stores["30000001"].values()):
        market.accept(change_of(good, 10), is_single=True, ip="-")
    for _ in range(60):
        clock.move(seconds=61)
        snapshot(market)
        for card in market.world.cards.values():
            for rival in market.rivals_on(card.id):
                assert all(rival.floor <= price for price in rival.prices.values())
                assert all(price <= rival.ceiling * 1.07 for price in rival.prices.values())


def test_the_market_lives() -> None:
    """Within ten minutes of lively rivals prices fall, rise, and shops leave and come back."""
    market, clock, _ = make(LIVELY)
    falls = rises = left = back = 0
    before = snapshot(market)
    for _ in range(60):
        clock.move(seconds=10)
        after = snapshot(market)
        for (*_, old), (*_, new) in zip(before, after, strict=True):
            left += old is not None and new is None
            back += old is None and new is not None
            falls += old is not None and new is not None and new < old
            rises += old is not None and new is not None and new > old
        before = after
    assert min(falls, rises, left, back) > 0


def lonely_duel(
    temper: Temper = Temper.UNDERCUTS,
) -> tuple[Market, FixedClock, RivalListing, StoreListing]:
    market, clock, _ = make(LIVELY)
    good = first_good(market)
    card = market.world.cards[good.card_id]
    rival = next(x for x in card.listings if isinstance(x, RivalListing) and ALMATY in x.prices)
    card.listings[:] = [good, rival]
    rival.temper, rival.pace = temper, Pace.LIVELY
    rival.prices = {ALMATY: 10_000}
    rival.floor, rival.ceiling, rival.step = 9_000, 11_000, 10
    good.prices = dict.fromkeys(good.prices, 10_500)
    market.plan(card)
    return market, clock, rival, good


def test_an_undercutter_answers_us_by_its_step_after_its_delay() -> None:
    market, clock, rival, good = lonely_duel()
    clock.move(seconds=300)
    assert market.rivals_on(good.card_id)[0].prices[ALMATY] == 10_490
    market.set_store_price("30000001", good.sku, 9_800)
    clock.move(seconds=11)
    assert market.rivals_on(good.card_id)[0].prices[ALMATY] == 10_490
    clock.move(seconds=30)
    assert market.rivals_on(good.card_id)[0].prices[ALMATY] == 9_790
    assert rival.merchant.uid != good.merchant.uid


def test_it_holds_at_its_floor_then_gives_up_and_goes_back_up() -> None:
    market, clock, rival, good = lonely_duel()
    market.set_store_price("30000001", good.sku, 9_005)
    seen = set()
    for _ in range(120):
        clock.move(seconds=10)
        market.rivals_on(good.card_id)
        seen.add(rival.prices[ALMATY])
    assert min(seen) >= 9_000
    assert 11_000 in seen


def test_it_raises_when_it_is_alone() -> None:
    market, clock, rival, good = lonely_duel()
    good.stocks = {}
    clock.move(seconds=300)
    assert market.rivals_on(good.card_id) == [rival]
    assert rival.prices[ALMATY] == 11_000


def test_one_that_stands_never_moves() -> None:
    market, clock, rival, good = lonely_duel(Temper.STANDS)
    market.set_store_price("30000001", good.sku, 9_005)
    clock.move(minutes=30)
    market.rivals_on(good.card_id)
    assert rival.prices == {ALMATY: 10_000}


def test_a_frozen_market_stands_and_goes_on_from_where_it_was() -> None:
    market, clock, _ = make(LIVELY)
    market.freeze_rivals()
    before = snapshot(market)
    clock.move(minutes=10)
    assert snapshot(market) == before
    market.freeze_rivals(is_frozen=False)
    assert snapshot(market) == before
    clock.move(minutes=10)
    assert snapshot(market) != before


def test_a_frozen_rival_answers_no_change_however_late_one_looks() -> None:
    market, clock, rival, good = lonely_duel(Temper.UNDERCUTS)
    market.freeze_rivals()
    market.accept(change_of(good, 9_005), is_single=True, ip="-")
    clock.move(minutes=30)

    assert market.rivals_on(good.card_id) == [rival]
    assert good.prices[ALMATY] == 9_005
    assert rival.prices == {ALMATY: 10_000}


def test_a_change_lands_inside_its_delay_and_is_told_twice() -> None:
    market, clock, told = make()
    changes = [
        market.accept(change_of(good, 9_000), is_single=True, ip="-")
        for good in market.world.stores["30000001"].values()
    ]
    waits = [change.due_at - change.accepted_at for change in changes]
    assert all(5 <= wait <= 60 for wait in waits)
    assert len(set(waits)) == len(waits)
    assert len(told) == len(changes)
    clock.move(seconds=61)
    market.settle()
    assert len(told) == 2 * len(changes)
    assert market.changes == {}


def test_later_changes_of_a_product_may_overtake_but_each_lands_at_its_time() -> None:
    market, clock, told = make()
    good = first_good(market)
    for price in range(9_000, 9_010):
        market.accept(change_of(good, price), is_single=True, ip="-")
    clock.move(seconds=61)
    market.settle()
    settled = told[10:]
    assert [c.due_at for c in settled] == sorted(c.due_at for c in settled)
    assert good.prices[ALMATY] == settled[-1].city_prices[ALMATY]


def test_a_card_nobody_looked_at_for_a_week_costs_no_more_than_two_hours() -> None:
    market, clock, _ = make(LIVELY)
    snapshot(market)
    clock.move(days=7)
    rival = next(r for c in market.world.cards for r in market.rivals_on(c))
    wakes = rival.wakes
    clock.move(hours=2)
    market.rivals_on(rival.card_id)
    assert 0 < wakes <= 2 * 3600 / 12
    assert rival.wakes > wakes


def test_ten_thousand_cards_can_be_made() -> None:
    plan = WorldPlan(stores=(StorePlan("30000001", "Лавка", goods=10_000),))
    world = make_world(plan, 1)
    assert len(world.cards) == len({card.title for card in world.cards.values()}) == 10_000
