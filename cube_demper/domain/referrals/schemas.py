"""Shapes of bonuses for friends. Sums in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.models.partner_program import Doubt

__all__ = ["Doubt", "DoubtedBonus", "Friend", "FriendStage", "Signs", "Standing"]


class FriendStage(StrEnum):
    """How far a friend got, and so why there is no bonus yet."""

    NO_EMAIL = "no_email"
    NO_STORE = "no_store"
    NO_PAYMENT = "no_payment"
    ON_HOLD = "on_hold"
    DOUBTED = "doubted"
    DENIED = "denied"
    EARNED = "earned"
    REFUNDED = "refunded"
    BY_BALANCE = "by_balance"


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody whom a seller brought. `bonus` less `taken_back` is what it came to.

    `doubts`: the signs that hold the bonus; `note`: why it was denied, in the operator's words.
    """

    email: str
    name: str
    came_at: datetime
    stage: FriendStage
    bonus: int = 0
    taken_back: int = 0
    hold_until: datetime | None = None
    doubts: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a friend who pays has in common with the seller who invited them."""

    email: str
    is_own_address: bool
    """Both signed in from one address."""
    is_own_device: bool
    """… and with one browser."""
    is_own_card: bool
    """The friend's card was saved by the seller too, or by another of their friends."""
    from_address: int
    """Friends of the seller who signed in from the friend's address, this one included."""


@dataclass(frozen=True, slots=True)
class DoubtedBonus:
    """A bonus that waits for an operator: whose, for whom, and the signs. `amount` after refunds."""

    id: UUID
    amount: int
    doubts: tuple[str, ...]
    seller: str
    friend: str


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
