"""Pure decisions of bonuses for friends."""

from __future__ import annotations

from decimal import Decimal

from cube_demper.core.money import percent_of


def bonus(money: int, refunded: int, percent: int) -> int:
    """Return a bonus in tiyn: a share of the money of a friend's first payment, less refunds."""
    return percent_of(max(0, money - max(0, refunded)), Decimal(percent))
