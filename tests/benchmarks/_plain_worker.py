"""The same worker without the chase: a fixed interval, oldest first, one look per product (SPEC §3)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cube_demper.domain.pricing import claim_queries
from cube_demper.domain.pricing.pacing import interval_of
from workers import checking, demping, looking
from workers.runtime import Options


async def _nobody(*_: Any, **__: Any) -> Sequence[Any]:
    return []


def _at_the_interval(product: Any, cities: Any, store: Any, now: datetime, **_: Any) -> datetime:
    return now + interval_of(product, store)


def main() -> int:
    """Run a demping worker as the specification has it."""
    claim_queries.claim_siblings = _nobody  # type: ignore[assignment]
    checking.next_check_at = _at_the_interval  # type: ignore[assignment]
    looking.FRESH_FOR = timedelta(0)
    return demping.run(Options())


if __name__ == "__main__":
    sys.exit(main())
