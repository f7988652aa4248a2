"""The figures of subscriptions. Pure. Times UTC, sums tiyn; days are those of Almaty."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

PERIOD: Final = timedelta(days=30)
"""What one payment buys (SPEC §8.2)."""
PERIOD_DAYS: Final = PERIOD.days
FREE_PLAN: Final = "free"
TRIAL_PLAN: Final = "pro"
PROXIES: Final = 100
"""Addresses that a paid plan is allotted (SPEC §8.2)."""
RENEW_EARLY: Final = timedelta(days=10)
"""How long before the end the next 30 days may be paid: a second click a minute later buys nothing."""
GRACE: Final = timedelta(days=3)
"""A paid plan goes on working so long after its end while payment is awaited."""
