"""Replay of rules over a day of the sandbox's market: its speed, and its figures rule by rule.

A day is recorded as the bot would: a look each minute, kept when something changed. The store's own
prices stay, so what the rules would have done is compared with doing nothing.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cube_demper.core.clock import FixedClock
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.schemas import ProductTerms, StoreTerms, Strategy
from cube_demper.domain.replay.rules import replay
from cube_demper.domain.replay.schemas import Outcome, Recorded, Trial
from cube_demper.sandbox.market import ApplyDelay
from cube_demper.sandbox.market import Market as SandboxMarket
from cube_demper.sandbox.pricefeed import FeedRules
from cube_demper.sandbox.seeding import StorePlan, WorldPlan, make_world
from cube_demper.sandbox.world import StoreListing
from tests.benchmarks._stage import print_table

_STORE, _ALMATY = "30000001", "750000000"
_BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
_DAY = timedelta(days=1)
_GOODS, _OFFERS_KEPT = 40, 20


@dataclass(frozen=True)
class Record:
    """A product's day."""

    sku: str
    price: int
    looks: Sequence[Recorded]


@dataclass(frozen=True)
class Rule:
    """What is tried: bounds in per cent of the first price."""

    name: str
    strategy: Strategy
    step: int
    low: int
    high: int


_RULES = (
    Rule("на шаг ниже, шаг 1 ₸, пол −10 %", Strategy.STANDARD, 100, 90, 115),
    Rule("на шаг ниже, шаг 100 ₸, пол −10 %", Strategy.STANDARD, 10_000, 90, 115),
    Rule("на шаг ниже, шаг 1 ₸, пол −25 %", Strategy.STANDARD, 100, 75, 115),
    Rule("всегда первый, шаг 1 ₸, пол −10 %", Strategy.ALWAYS_FIRST, 100, 90, 115),
    Rule("в топе-3, шаг 1 ₸, пол −10 %", Strategy.STAY_TOP_N, 100, 90, 115),
)


def record_day() -> list[Record]:
    """Let the sandbox's rivals live for a day and keep what looks saw."""
    plan = WorldPlan(
        stores=(StorePlan(_STORE, "Лавка", goods=_GOODS),),
        rivals=30,
        rivals_per_card=(2, 8),
        lively_share=0.3,
    )
    clock = FixedClock(_BEGIN)
    market = SandboxMarket(
        make_world(plan, 1),
        lambda: clock.now().timestamp(),
        delay=ApplyDelay(5, 60),
        rules=FeedRules(),
        on_change=lambda _change: None,
    )
    goods = [it for it in market.goods(_STORE) if it.price_in(_ALMATY)]
    kept: dict[str, list[Recorded]] = {it.sku: [] for it in goods}
    before: dict[str, datetime] = {}
    while clock.now() < _BEGIN + _DAY:
        for listing in goods:
            seen = _look(market, listing, clock.now())
            looks = kept[listing.sku]
            if not looks or looks[-1].market.offers != seen.offers:
                looks.append(Recorded(seen, before.get(listing.sku)))
            before[listing.sku] = clock.now()
        clock.move(minutes=1)
    return [Record(it.sku, (it.price_in(_ALMATY) or 0) * 100, kept[it.sku]) for it in goods]


def _look(market: SandboxMarket, listing: StoreListing, now: datetime) -> Market:
    found = sorted(market.offers(listing.card_id, _ALMATY), key=lambda it: it[0])
    offers = tuple(
        Offer(it.merchant.uid, it.merchant.name, price * 100, merchant_sku=it.sku)
        for price, it in found[:_OFFERS_KEPT]
    )
    return Market(listing.card_id, _ALMATY, offers, len(found), now)


def _play(record: Record, rule: Rule) -> Outcome:
    def bound(percent: int) -> int:
        return record.price * percent // 10_000 * 100

    terms = ProductTerms(
        record.sku, _ALMATY, record.price, bound(rule.low), bound(rule.high), record.price,
        rule.step, rule.strategy,
    )  # fmt: skip
    until = _BEGIN + _DAY
    return replay(record.looks, Trial(terms, StoreTerms(_STORE)), _BEGIN, until, until)


def main() -> None:
    """Record, replay, print."""
    records = record_day()
    looks = sum(len(it.looks) for it in records)
    sys.stdout.write(f"сутки песочницы: {len(records)} товаров, {looks} записанных взглядов\n")
    rows = []
    for rule in _RULES:
        began = time.perf_counter()
        outcomes = [_play(record, rule) for record in records]
        rows.append(_row(rule, outcomes, time.perf_counter() - began))
    _real(rows, [_play(record, _RULES[0]) for record in records])
    print_table(
        ["правило", "1-е место", "цена", "изменений", "на полу", "войн", "решений", "мс/товар"],
        rows,
    )
    _memory(max(records, key=lambda it: len(it.looks)))


def _row(rule: Rule, outcomes: Sequence[Outcome], seconds: float) -> list[str]:
    tried = [it.tried for it in outcomes]
    change = [
        100 * ((it.tried.mean_price or 0) / it.real.mean_price - 1)
        for it in outcomes
        if it.real.mean_price
    ]
    decided = sum(it.looks for it in outcomes)
    return [
        rule.name,
        _share([it.first_share for it in tried]),
        f"{sum(change) / len(change):+.1f} %",
        str(sum(it.changes for it in tried)),
        _share([it.floor_share for it in tried]),
        str(sum(it.wars for it in outcomes)),
        f"{decided} ({decided / seconds:,.0f}/с)",
        f"{1000 * seconds / len(outcomes):.1f}",
    ]


def _real(rows: list[list[str]], outcomes: Sequence[Outcome]) -> None:
    real = [it.real for it in outcomes]
    first = _share([it.first_share for it in real])
    changes = str(sum(it.changes for it in real))
    rows.insert(0, ["как было: цена стоит", first, "+0.0 %", changes, "", "", "", ""])


def _share(values: Sequence[float | None]) -> str:
    known = [it for it in values if it is not None]
    return f"{100 * sum(known) / len(known):.1f} %" if known else "—"


def _memory(record: Record) -> None:
    tracemalloc.start()
    _play(record, _RULES[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sys.stdout.write(
        f"самый живой товар: {len(record.looks)} взглядов, память проигрывателя до "
        f"{peak / 1024:.0f} КБ\n"
    )


if __name__ == "__main__":
    main()
