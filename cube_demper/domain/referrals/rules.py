"""Pure decisions of bonuses for friends."""

from __future__ import annotations

from decimal import Decimal

from cube_demper.core.money import percent_of
from cube_demper.domain.partners.rules import MANY_FROM_ADDRESS, is_throwaway
from cube_demper.domain.referrals.schemas import Doubt, Signs


def doubts(it: Signs) -> list[Doubt]:
    """Return the signs of fraud, as for sellers whom partners bring: a person decides about each."""
    signs = {
        Doubt.OWN_DEVICE: it.is_own_device,
        Doubt.OWN_ADDRESS: it.is_own_address and not it.is_own_device,
        Doubt.OWN_CARD: it.is_own_card,
        Doubt.MANY_FROM_ADDRESS: it.from_address >= MANY_FROM_ADDRESS,
        Doubt.THROWAWAY_MAIL: is_throwaway(it.email),
    }
    return [doubt for doubt, is_there in signs.items() if is_there]


def bonus(money: int, refunded: int, percent: int) -> int:
    """Return a bonus in tiyn: a share of the money of a friend's first payment, less refunds."""
    return percent_of(max(0, money - max(0, refunded)), Decimal(percent))
