"""What `decide` is told, what it answers and what it remembers. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.economics.profit_floors import Gap
from cube_demper.domain.pricing.codec import as_object, decode, encode
from cube_demper.domain.pricing.rival_filters import (
    RivalFilters as RivalFilters,  # noqa: PLC0414 # said again: everybody takes it from here
)
from cube_demper.models.catalog import (
    Strategy as Strategy,  # noqa: PLC0414 # said again: rules take it from here
)
from cube_demper.models.stores import (
    DeliveryFilter as DeliveryFilter,  # noqa: PLC0414 # said again: rules take it from here
)

DEFAULT_TOP_N = 3
LOWEST_PRICE = 10 * TIYN_IN_TENGE
"""Kaspi's own least price: no setting takes the bot lower."""


class Action(StrEnum):
    """What a decision asks for."""

    HOLD = "hold"
    CHANGE = "change"


class Reason(StrEnum):
    """One code a rule of DESIGN §5; `explain.py` has a text for each."""

    FLOOR_OVER_CAP = "floor_over_cap"
    BOUNDS_MISSING = "bounds_missing"
    NOT_ON_SALE = "not_on_sale"
    PRICE_UNKNOWN = "price_unknown"
    RAISED_TO_FLOOR = "raised_to_floor"
    LOWERED_TO_CAP = "lowered_to_cap"
    PRICE_WAR = "price_war"
    WAR_REST = "war_rest"
    UNDERCUT = "undercut"
    RAISED_BEHIND_RIVAL = "raised_behind_rival"
    RAISED_TO_CAP = "raised_to_cap"
    PRICE_IS_RIGHT = "price_is_right"
    BELOW_FLOOR_HOLD = "below_floor_hold"
    BELOW_FLOOR_TO_FLOOR = "below_floor_to_floor"
    AT_FLOOR = "at_floor"
    ALONE_TO_MAX = "alone_to_max"
    ALONE_HOLD = "alone_hold"
    FEWER_THAN_N_TO_MAX = "fewer_than_n_to_max"
    FEWER_THAN_N_HOLD = "fewer_than_n_hold"
    RIVALS_UNREAD = "rivals_unread"
    WAITING_SECOND_LOOK = "waiting_second_look"
    SUSPICIOUS_FALL = "suspicious_fall"
    WAITING_CONFIRMATION = "waiting_confirmation"
    RETURNED_BY_SELLER = "returned_by_seller"
    RETURN_REST = "return_rest"
    PLAN_ENDED = "plan_ended"
    """The plan is over and the price goes where the seller wants it to stop."""


RETURNS: Final = frozenset({Reason.RETURNED_BY_SELLER, Reason.PLAN_ENDED})
"""Prices that a person chose, which the bot keeps off for a while."""


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """One product in one city. The bounds and `base_price` are that city's own, the rest the product's.

    `cabinet_price` is the last known price of this city: it stands in for the shop window only when
    not all offers were read and ours is not among them.
    """

    kaspi_sku: str
    city_id: str
    cabinet_price: int | None
    min_price: int | None
    max_price: int | None
    base_price: int | None
    step: int
    strategy: Strategy
    top_n: int = DEFAULT_TOP_N
    delivery_filter: DeliveryFilter | None = None
    rival_filters: RivalFilters = field(default_factory=RivalFilters)


@dataclass(frozen=True, slots=True)
class StoreTerms:
    """The same for all goods of a store. `merchant_id` is ours, `own_merchant_ids` the user's others."""

    merchant_id: str
    own_merchant_ids: frozenset[str] = frozenset()
    excluded_merchant_ids: frozenset[str] = frozenset()
    min_price_allowed: int = LOWEST_PRICE
    max_fall_percent: int = 30


@dataclass(frozen=True, slots=True)
class RivalSeen:
    """The rival whose price a decision answers."""

    merchant_id: str
    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now and every number that the explanation needs; kept in `price_history.decision`.

    `target`: on CHANGE the price to send; on HOLD the price that is only kept back for now
    (suspicious fall, second look, confirmation), else None. `wait_until`: when a hold may end by
    itself (second look due, rest over, send given up). `reference`: the price a suspicious fall was
    measured against. `place` is None when our own offer was not seen; `target_place`: the place that
    the price to send would take. `wants_max`: this look says «go to max_price»; two such looks in a
    row are needed.
    """

    action: Action
    reason: Reason
    strategy: Strategy
    step: int
    top_n: int = DEFAULT_TOP_N
    target: int | None = None
    window_price: int | None = None
    is_window_seen: bool = False
    place: int | None = None
    target_place: int | None = None
    offers_count: int = 0
    rivals_count: int = 0
    rival: RivalSeen | None = None
    floor: int | None = None
    cap: int | None = None
    min_price: int | None = None
    max_price: int | None = None
    base_price: int | None = None
    floor_by_profit: int | None = None
    floor_gap: Gap | None = None
    reference: int | None = None
    max_fall_percent: int = 30
    wants_max: bool = False
    wait_until: datetime | None = None

    @property
    def is_change(self) -> bool:
        """Tell whether there is a price to send."""
        return self.action is Action.CHANGE

    @property
    def is_fall(self) -> bool:
        """Tell whether the target is lower than the window price."""
        return (
            self.target is not None
            and self.window_price is not None
            and self.target < self.window_price
        )

    def to_json(self) -> dict[str, Any]:
        """Write for `price_history.decision`: blanks left out."""
        return as_object(encode(self))

    @classmethod
    def from_json(cls, value: object) -> Decision:
        """Read back what `to_json` wrote. Raises ValueError for what never was a decision."""
        return decode(cls, value)


@dataclass(frozen=True, slots=True)
class PricePoint:
    """Our own window price from `at` on, until the next point."""

    at: datetime
    price: int


@dataclass(frozen=True, slots=True)
class Fall:
    """A sent lowering of our price in answer to one rival."""

    at: datetime
    rival_id: str
    old_price: int
    new_price: int


@dataclass(frozen=True, slots=True)
class Rest:
    """The pause after a price war: stay at `price` until `until`.

    The two hours are counted from the send that goes back; until then (`is_back` False) from the
    fall that called the war, so that a return that is never accepted cannot keep the pause forever.
    """

    price: int
    until: datetime
    rival_id: str
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """The seller took the bot's changes back: it keeps `price` until `until`.

    `waits`: the price has not left yet, so the bot keeps off however long that takes.
    """

    price: int
    until: datetime
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AllowedFall:
    """The seller's consent to one big fall: down to `price`, until `until`."""

    price: int
    until: datetime


@dataclass(frozen=True, slots=True)
class UnconfirmedSend:
    """A send that no look has seen in the window yet.

    The same price is not sent again before a look made at `wait_until` or later misses it.
    """

    target: int
    at: datetime
    wait_until: datetime


@dataclass(frozen=True, slots=True)
class LastDecision:
    """What was decided last; a row of `price_history` is added only when one of the three changes."""

    action: Action
    reason: Reason
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """All that `decide` needs from the past of one product in one city; changed by `memory.py` alone.

    `window_prices`: our own window price as it changed, 24 h back, since the seller's last change of
    bounds, strategy or switch. `falls`: 30 min back. `to_max_since`: the first of the looks in a row
    that want to go to `max_price`.
    """

    window_prices: tuple[PricePoint, ...] = ()
    falls: tuple[Fall, ...] = ()
    rest: Rest | None = None
    to_max_since: datetime | None = None
    last_decision: LastDecision | None = None
    last_send: UnconfirmedSend | None = None
    allowed_fall: AllowedFall | None = None
    returned: Returned | None = None

    def to_json(self) -> dict[str, Any]:
        """Write for the jsonb column: blanks left out."""
        return as_object(encode(self))

    @classmethod
    def from_json(cls, value: object) -> Memory:
        """Read back. A part that cannot be read is forgotten: it must not stop the product's bot."""
        return decode(cls, value, lenient=True)
