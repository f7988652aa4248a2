"""What one decision costs: `decide`, `remember` and `explain` on a market of 64 offers."""

from __future__ import annotations

import sys
import timeit
from datetime import UTC, datetime, timedelta

from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.domain.pricing.explain import explain
from cube_demper.domain.pricing.rules import decide, remember
from cube_demper.domain.pricing.schemas import Memory, ProductTerms, StoreTerms, Strategy

_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TIMES = 5_000


def main() -> None:
    """Measure and print."""
    offers = tuple(
        Offer(
            str(10_000 + i), f"Магазин {i}", 1_000_000 + 1_000 * i, delivery=DeliverySpeed.TOMORROW
        )
        for i in range(64)
    )
    market = Market("1", "750000000", offers, 64, _NOW)
    terms = ProductTerms(
        "1_1", "750000000", None, 900_000, 1_200_000, 1_000_000, 100, Strategy.STANDARD
    )
    store, memory = StoreTerms("10020"), Memory()
    decision = decide(market, terms, store, memory, None, _NOW)
    later = _NOW + timedelta(minutes=15)
    for name, call in (
        ("decide", lambda: decide(market, terms, store, memory, None, later)),
        ("remember", lambda: remember(memory, market, decision, later)),
        ("explain", lambda: explain(decision)),
    ):
        seconds = min(timeit.repeat(call, number=_TIMES, repeat=3)) / _TIMES
        sys.stdout.write(f"{name:<34}{_TIMES:>6} times  {seconds * 1e6:7.1f} µs each\n")


if __name__ == "__main__":
    main()
