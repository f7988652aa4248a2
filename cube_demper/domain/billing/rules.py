"""The plans (SPEC §8.1) as a table. FREE watches prices and never sends any (DESIGN §5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

TRIAL: Final = timedelta(days=14)
FREE_PLAN: Final = "free"

BOT_LIMITS: Final[dict[str, int]] = {"free": 100, "basic": 500, "pro": 5_000}
REPRICING_PLANS: Final = frozenset({"basic", "pro"})
