"""Shapes of bonuses for friends. Sums in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FriendStage(StrEnum):
    """How far a friend got, and so why there is no bonus yet."""

    NO_EMAIL = "no_email"
    NO_STORE = "no_store"
    NO_PAYMENT = "no_payment"
    ON_HOLD = "on_hold"
    EARNED = "earned"
    REFUNDED = "refunded"
    BY_BALANCE = "by_balance"


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody whom a seller brought. `bonus` less `taken_back` is what it came to."""

    email: str
    name: str
    came_at: datetime
    stage: FriendStage
    bonus: int = 0
    taken_back: int = 0
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A seller's programme: what to spread, what came of it."""

    code: str
    percent: int
    hold_days: int
    balance: int
    """What they can spend on their plan."""
    earned: int
    held: int
    friends: tuple[Friend, ...]
    total: int
    """Of friends; `friends` holds the newest."""
    paying: int
