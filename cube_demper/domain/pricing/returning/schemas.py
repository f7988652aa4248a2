"""What a return would do and what it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.pricing.schemas import Decision


class Skip(StrEnum):
    """Why a product's price does not go back."""

    BOT_OFF = "bot_off"
    STORE_RESTS = "store_rests"
    ON_ITS_WAY = "on_its_way"
    ALREADY = "already"
    SAME = "same"
    NO_PRICE = "no_price"
    NO_BOUNDS = "no_bounds"


Stay = tuple[UUID, str, int]
"""A product, a city and the price there."""


@dataclass(frozen=True, slots=True)
class Back:
    """One price that goes back. `is_cut`: the floor or the cap of now is between it and the old one."""

    product_id: UUID
    city_id: str
    name: str
    price: int
    target: int
    is_cut: bool
    decision: Decision


@dataclass(frozen=True, slots=True)
class Return:
    """A whole return, proposed or done; a product counts once, whatever its cities."""

    backs: tuple[Back, ...] = ()
    skipped: dict[Skip, int] = field(default_factory=dict)
    until: datetime | None = None
    """Until when the bot leaves alone what leaves at once; another price, for an hour from its send."""
    waits_until: datetime | None = None
    """About when the last price leaves; None: all may leave now."""
    by_feed: int = 0
    """How many goods leave with a price list, whenever Kaspi takes it."""
    stays: tuple[Stay, ...] = ()
    """Where the price of an hour ago stands already: what waits there is dropped, the bot keeps off."""

    @property
    def is_at_once(self) -> bool:
        """Tell that all prices may leave now, so that all rest until the same moment."""
        return self.waits_until is None and not self.by_feed

    @property
    def concerned(self) -> list[UUID]:
        """Return the goods that a return does something about."""
        return sorted({it.product_id for it in self.backs} | {id_ for id_, _, _ in self.stays})

    @property
    def goods(self) -> int:
        """Return how many goods change."""
        return len({back.product_id for back in self.backs})

    @property
    def rises(self) -> int:
        """Return how many prices go up."""
        return sum(back.target > back.price for back in self.backs)

    @property
    def falls(self) -> int:
        """Return how many prices go down."""
        return len(self.backs) - self.rises

    @property
    def cut(self) -> int:
        """Return how many stop at the floor or the cap of now."""
        return sum(back.is_cut for back in self.backs)
