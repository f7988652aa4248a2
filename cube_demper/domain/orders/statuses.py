"""Where an order stands: Kaspi's state × status pairs as SPEC §5.2's statuses, and how orders move. Pure.

KASPI.md §4.4 and §5. Nothing is invented: a status without a fact of Kaspi's behind it is not reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cube_demper.models.orders import OrderSource, OrderStatus, StatusStep


class Meaning(StrEnum):
    """What a pair says of the order's place.

    ON_ITS_WAY: accepted; how far it has come is told by facts. IS_ENDING: it is being cancelled or
    returned, which changes nothing until Kaspi says that it is done.
    """

    BOUGHT = "bought"
    ON_ITS_WAY = "on_its_way"
    IS_ENDING = "is_ending"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Facts:
    """What Kaspi says besides the pair. None: this source does not tell."""

    is_handed_over: bool | None = None
    """To Kaspi's courier (`courierTransmissionDate`)."""
    has_arrived: bool | None = None
    """At the point or the postomat."""
    is_own_delivery: bool = False
    """The store's own courier: accepted means on its way, nobody tells when it was handed over."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer about one order. `asked_at`: when the answer was asked for."""

    source: OrderSource
    state: str
    status: str
    facts: Facts
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What we have written of an order so far. `reached`: every status that its history names."""

    status: OrderStatus
    state: str
    kaspi_status: str
    is_clear: bool
    seen_at: datetime
    facts: Facts = field(default_factory=Facts)
    reached: frozenset[OrderStatus] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """What an answer changes. `step` None: no line of history. `is_news`: reached for the first time."""

    status: OrderStatus
    is_clear: bool
    step: StatusStep | None
    is_news: bool = False


_BOUGHT, _WAY, _ENDING = Meaning.BOUGHT, Meaning.ON_ITS_WAY, Meaning.IS_ENDING
_DONE, _CANCELLED, _RETURNED = Meaning.COMPLETED, Meaning.CANCELLED, Meaning.RETURNED
_LIVE: Final = {
    "APPROVED_BY_BANK": _BOUGHT,
    "ACCEPTED_BY_MERCHANT": _WAY,
    "CANCELLING": _ENDING,
    "CANCELLED": _CANCELLED,
    "COMPLETED": _DONE,
}
_RETURNING: Final = {
    "KASPI_DELIVERY_RETURN_REQUESTED": _ENDING,
    "RETURN_ACCEPTED_BY_MERCHANT": _ENDING,
    "RETURNED": _RETURNED,
}
_API: Final[Mapping[str, Mapping[str, Meaning]]] = {
    "NEW": _LIVE,
    "SIGN_REQUIRED": _LIVE,
    "PICKUP": _LIVE | _RETURNING,
    "DELIVERY": _LIVE | _RETURNING,
    "KASPI_DELIVERY": _LIVE | _RETURNING | {"ASSEMBLE": _WAY, "ASSEMBLED": _WAY},
    "ARCHIVE": {
        "COMPLETED": _DONE,
        "CANCELLED": _CANCELLED,
        "CANCELLING": _ENDING,
    }
    | _RETURNING,
}
_TAB_STATUSES: Final = {
    "NEW": _BOUGHT,
    "APPROVED_BY_BANK": _BOUGHT,
    "ACCEPTED": _WAY,
    "ACCEPTED_BY_MERCHANT": _WAY,
    "PRE_ORDERED": _WAY,
    "ASSEMBLED": _WAY,
    "TRANSMITTED": _WAY,
    "CANCELLING": _ENDING,
    "RETURNING": _ENDING,
    "COMPLETED": _DONE,
    "CANCELLED": _CANCELLED,
    "CANCELLED_BY_MERCHANT": _CANCELLED,
    "RETURNED": _RETURNED,
}
TABS: Final = (
    "NEW",
    "SIGN_REQUIRED",
    "PICKUP",
    "DELIVERY",
    "KASPI_DELIVERY_WAIT_FOR_POINT_DELIVERY",
    "KASPI_DELIVERY_CARGO_ASSEMBLY",
    "KASPI_DELIVERY_WAIT_FOR_COURIER",
    "KASPI_DELIVERY_TRANSMITTED",
    "KASPI_DELIVERY_RETURN_REQUEST",
    "ARCHIVED",
)
"""The cabinet's tabs (KASPI.md §5); the order's own status is a shorter list that means the same anywhere."""
STATES: Final = tuple(_API)
"""The official API's states: each is a list of its own. An order of the cabinet opened alone has one too."""

PAIRS: Final[Mapping[tuple[OrderSource, str, str], Meaning]] = MappingProxyType(
    {
        (OrderSource.API, state, status): meaning
        for state, statuses in _API.items()
        for status, meaning in statuses.items()
    }
    | {
        (OrderSource.CABINET, tab, status): meaning
        for tab in (*TABS, *STATES)
        for status, meaning in _TAB_STATUSES.items()
    }
)
"""Every pair that we understand. What is not here is kept as Kaspi said it, shown and reported."""

_AT: Final = MappingProxyType(
    {
        OrderStatus.UNKNOWN: -1,
        OrderStatus.APPROVED: 0,
        OrderStatus.ACCEPTED_BY_MERCHANT: 1,
        OrderStatus.DELIVERY: 2,
        OrderStatus.DELIVERED: 3,
        OrderStatus.COMPLETED: 4,
        OrderStatus.CANCELLED: 5,
        OrderStatus.RETURNED: 6,
    }
)
OVER: Final = frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.RETURNED})
_ENDED_AS: Final = MappingProxyType(
    {
        Meaning.BOUGHT: OrderStatus.APPROVED,
        Meaning.COMPLETED: OrderStatus.COMPLETED,
        Meaning.CANCELLED: OrderStatus.CANCELLED,
        Meaning.RETURNED: OrderStatus.RETURNED,
    }
)


def is_over(status: OrderStatus) -> bool:
    """Tell whether nothing but a return can follow."""
    return status in OVER


def is_forward(old: OrderStatus, new: OrderStatus) -> bool:
    """Tell whether `new` may follow `old`: a completed order can be returned, but not cancelled."""
    if old is OrderStatus.COMPLETED:
        return new is OrderStatus.RETURNED
    return _AT[new] > _AT[old]


def remembered(facts: Facts, known: Facts | None) -> Facts:
    """Fill what this source does not tell with what another one has told."""
    if known is None:
        return facts
    return Facts(
        is_handed_over=_first(facts.is_handed_over, known.is_handed_over),
        has_arrived=_first(facts.has_arrived, known.has_arrived),
        is_own_delivery=facts.is_own_delivery,
    )


def move(known: Known | None, seen: Seen) -> Move | None:
    """Return what an answer changes; None for one that is older than what we know."""
    if known is not None and seen.asked_at < known.seen_at:
        return None
    meaning = PAIRS.get((seen.source, seen.state, seen.status))
    if meaning is None:
        return _unclear(known, seen)
    facts = remembered(seen.facts, known.facts if known else None)
    status = _place(meaning, facts, known.status if known else None)
    if known is None:
        return Move(status, is_clear=True, step=StatusStep.FIRST, is_news=meaning is not _ENDING)
    if status is known.status:
        return Move(status, is_clear=True, step=None)
    step = StatusStep.FORWARD if is_forward(known.status, status) else StatusStep.BACKWARD
    is_news = step is StatusStep.FORWARD and status not in known.reached
    return Move(status, is_clear=True, step=step, is_news=is_news)


def _unclear(known: Known | None, seen: Seen) -> Move:
    if known is None:
        return Move(OrderStatus.UNKNOWN, is_clear=False, step=StatusStep.UNCLEAR)
    is_told = not known.is_clear and (known.state, known.kaspi_status) == (seen.state, seen.status)
    return Move(known.status, is_clear=False, step=None if is_told else StatusStep.UNCLEAR)


def _place(meaning: Meaning, facts: Facts, before: OrderStatus | None) -> OrderStatus:
    if meaning in _ENDED_AS:
        return _ENDED_AS[meaning]
    if meaning is _ENDING and before not in (None, OrderStatus.UNKNOWN):
        return before
    if facts.has_arrived:
        return OrderStatus.DELIVERED
    if facts.is_handed_over or facts.is_own_delivery:
        return OrderStatus.DELIVERY
    return OrderStatus.ACCEPTED_BY_MERCHANT


def _first(told: bool | None, known: bool | None) -> bool | None:
    return known if told is None else told
