"""Two of our bots of different users and rivals that want the first place at any price, for 500 looks."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from unit.domain.pricing.pricing_cases import T0, tenge

from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.rules import decide, remember, remember_sent
from cube_demper.domain.pricing.schemas import (
    Decision,
    Memory,
    ProductTerms,
    Reason,
    StoreTerms,
    Strategy,
)

LOOKS = 500
APPLIED_AFTER = timedelta(seconds=90)


@dataclass
class Shelf:
    """A shop window that shows a sent price only after a while."""

    prices: dict[str, int]
    coming: list[tuple[datetime, str, int]] = field(default_factory=list)

    def look(self, now: datetime) -> Market:
        due = [change for change in self.coming if change[0] <= now]
        self.coming = [change for change in self.coming if change[0] > now]
        for _, merchant, price in sorted(due):
            self.prices[merchant] = price
        offers = [Offer(merchant, merchant, price) for merchant, price in self.prices.items()]
        return Market("1", "750000000", tuple(offers), len(offers), now)


@dataclass
class Bot:
    """One of our stores with its memory and everything it sent."""

    merchant: str
    terms: ProductTerms
    memory: Memory = field(default_factory=Memory)
    sent: list[tuple[datetime, Decision]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def look(self, shelf: Shelf, now: datetime) -> None:
        market = shelf.look(now)
        decision = decide(market, self.terms, StoreTerms(self.merchant), self.memory, None, now)
        self.memory = Memory.from_json(remember(self.memory, market, decision, now).to_json())
        self.reasons.append(decision.reason)
        if decision.is_change and decision.target is not None:
            shelf.coming.append((now + APPLIED_AFTER, self.merchant, decision.target))
            self.memory = remember_sent(self.memory, decision, now)
            self.sent.append((now, decision))


def bot(merchant: str, strategy: Strategy, low: int, high: int) -> Bot:
    terms = ProductTerms(
        kaspi_sku="1",
        city_id="750000000",
        cabinet_price=None,
        min_price=tenge(low),
        max_price=tenge(high),
        base_price=tenge(12000),
        step=100,
        strategy=strategy,
        top_n=2,
    )
    return Bot(merchant, terms)


def greedy(shelf: Shelf, merchant: str, dice: random.Random) -> None:
    """Undercut the cheapest, down to one tenge; now and then wander off or slip a digit."""
    others = [price for other, price in shelf.prices.items() if other != merchant]
    chance = dice.random()
    if chance < 0.02:
        shelf.prices[merchant] = min(others) // 10 or 100
    elif chance < 0.1:
        shelf.prices[merchant] = tenge(dice.randint(8000, 40000))
    elif chance < 0.8:
        shelf.prices[merchant] = max(min(others) - dice.choice([100, 150, 1000]), 100)


def play(seed: int, strategies: tuple[Strategy, Strategy], rivals: int) -> list[Bot]:
    dice = random.Random(seed)
    shelf = Shelf({"A": tenge(12000), "B": tenge(12500)})
    shelf.prices |= {f"r{n}": tenge(dice.randint(9000, 15000)) for n in range(rivals)}
    bots = [bot("A", strategies[0], 8000, 20000), bot("B", strategies[1], 9000, 15000)]
    for step in range(LOOKS):
        now = T0 + step * timedelta(seconds=60)
        for player in dice.sample(bots, 2):
            player.look(shelf, now + timedelta(seconds=dice.randint(0, 20)))
        for n in range(rivals):
            greedy(shelf, f"r{n}", dice)
    return bots


def longest_war(player: Bot) -> int:
    """Return the most falls against one rival within any 30 min."""
    falls = [
        (at, decision.rival.merchant_id)
        for at, decision in player.sent
        if decision.rival and decision.reason in {Reason.UNDERCUT, Reason.BELOW_FLOOR_TO_FLOOR}
    ]
    return max(
        (
            sum(
                at <= later <= at + timedelta(minutes=30) and rival == other
                for later, other in falls
            )
            for at, rival in falls
        ),
        default=0,
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "strategies",
    [
        (Strategy.STANDARD, Strategy.STANDARD),
        (Strategy.ALWAYS_FIRST, Strategy.STANDARD),
        (Strategy.STAY_TOP_N, Strategy.ALWAYS_FIRST),
    ],
)
def test_bots_never_leave_their_bounds_however_rivals_rage(
    seed: int, strategies: tuple[Strategy, Strategy]
) -> None:
    for player in play(seed, strategies, rivals=3):
        assert player.sent
        for _, decision in player.sent:
            assert decision.target is not None
            assert player.terms.min_price is not None
            assert player.terms.max_price is not None
            assert player.terms.min_price <= decision.target <= player.terms.max_price
        assert longest_war(player) <= 5


@pytest.mark.parametrize("seed", range(3))
def test_a_war_of_two_of_our_own_bots_ends_in_rest_far_above_the_floors(seed: int) -> None:
    bots = play(seed, (Strategy.STANDARD, Strategy.STANDARD), rivals=0)
    for player in bots:
        assert longest_war(player) <= 5
    assert any(Reason.WAR_REST in player.reasons for player in bots)
    last = [decision.target for player in bots for _, decision in player.sent[-1:]]
    assert all(target is not None and target > tenge(10000) for target in last)


def test_a_rest_goes_back_up_and_then_sends_nothing_for_two_hours() -> None:
    for seed in range(3):
        for player in play(seed, (Strategy.STANDARD, Strategy.STANDARD), rivals=0):
            for (at, decision), (then, following) in zip(
                player.sent, player.sent[1:], strict=False
            ):
                if decision.reason is Reason.PRICE_WAR:
                    assert not decision.is_fall
                    assert then >= at + timedelta(hours=2), following.reason
