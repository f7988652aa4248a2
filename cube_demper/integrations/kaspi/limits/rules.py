"""The words of the limiter: kinds of request, hosts, figures, and what `take` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from cube_demper.core.settings import KaspiSettings


class RequestKind(StrEnum):
    """Why a request is made, in the order in which requests are served."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    REPRICE = "reprice"
    ORDERS = "orders"
    SYNC = "sync"


class Host(StrEnum):
    """Which of Kaspi's hosts; only the shop counts requests per address."""

    SHOP = "shop"
    CABINET = "cabinet"
    LOGIN = "login"
    ORDERS = "orders"
    """The official API: it lives on the shop's host, with breakers and bans of its own."""


#: Confirming looks live inside demping's share, but go before it.
GROUP_OF: Mapping[RequestKind, str] = MappingProxyType(
    {
        RequestKind.SIGN_IN: "sign_in",
        RequestKind.CONFIRM: "demping",
        RequestKind.REPRICE: "demping",
        RequestKind.ORDERS: "orders",
        RequestKind.SYNC: "sync",
    }
)
#: The guaranteed part of every shared limit; what a group leaves unused is lent (DESIGN §5).
SHARES: Mapping[str, float] = MappingProxyType(
    {"sign_in": 0.1, "demping": 0.6, "orders": 0.2, "sync": 0.1}
)

SECOND = timedelta(seconds=1)
CHANGES_WINDOW = timedelta(minutes=30)
#: Clocks of machines agree to milliseconds: every window is longer by this, so none overflows.
CLOCK_SKEW = timedelta(milliseconds=20)
EGRESS_BAN = timedelta(seconds=15)  # KASPI.md §1.3: 403 lasts 10-15 s
STORE_BAN = timedelta(minutes=30)  # KASPI.md §2.4
BREAKER_ERRORS = 5
BREAKER_OPEN = timedelta(seconds=60)
LONGEST_WAIT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class LimitRules:
    """Figures of the limits, from the settings."""

    global_per_second: int = 60
    shop_per_second: int = 8
    orders_per_second: int = 6
    pricefeed_gap: timedelta = timedelta(seconds=1 / 1.5)
    changes_per_window: int = 250

    @classmethod
    def from_settings(cls, settings: KaspiSettings) -> LimitRules:
        """Take the figures of `settings`; a rate that is not whole is rounded down, never up."""
        return cls(
            global_per_second=max(1, int(settings.global_rps)),
            shop_per_second=max(1, int(settings.offers_rps_per_ip)),
            orders_per_second=max(1, int(settings.orders_rps_per_token)),
            pricefeed_gap=timedelta(seconds=1 / settings.pricefeed_rps_per_store),
            changes_per_window=settings.changes_per_30_min,
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What one request needs to be allowed.

    `store` paces the price feed of that merchant uid and `changes` counts against its 250;
    `token` paces the orders API. `is_sticky` takes the first usable candidate, not the most rested.
    """

    kind: RequestKind
    host: Host
    candidates: tuple[str, ...]
    store: str | None = None
    changes: int = 0
    token: str | None = None
    is_sticky: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """Leave now, through `egress`. Keep it to report how the request went."""

    wish: Wish
    egress: str
    at: datetime
    is_trial: bool = False
    errors_before: int = 0


class WaitReason(StrEnum):
    """What stands in the way."""

    BUDGET = "budget"
    """The shared requests a second."""
    EGRESS = "egress"
    """Every egress has used its requests a second."""
    EGRESS_BAN = "egress_ban"
    BREAKER = "breaker"
    STORE_PACE = "store_pace"
    STORE_BAN = "store_ban"
    CHANGES = "changes"
    ORDERS_PACE = "orders_pace"
    COLD = "cold"
    """The windows are not known yet and count as full."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: ask again after `seconds` with the same `ticket`, which keeps the place in the queue."""

    seconds: float
    reason: WaitReason
    ticket: int = 0


@dataclass(frozen=True, slots=True)
class Refill:
    """What Postgres remembers of the limits, by merchant uid: for a Redis that forgot.

    `sends`: the moment of every SKU change of the last 30 minutes (one entry a change), those in
    status `sending` and `unknown` too. `bans`: until when a store's price feed is blocked.
    """

    sends: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    bans: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EgressSnapshot:
    """One egress at the shop: used of its second, and what blocks it."""

    key: str
    used: int
    limit: int
    banned_until: datetime | None = None
    breaker_until: datetime | None = None
    errors: int = 0


@dataclass(frozen=True, slots=True)
class LimitsSnapshot:
    """The shared budget now; `groups` is what each share used, `waiting` who stands in the queue."""

    used: int
    limit: int
    groups: Mapping[str, int]
    waiting: Mapping[str, int]
    egresses: tuple[EgressSnapshot, ...]
    is_degraded: bool = False


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """A store's price feed: changes used of `limit`, `room` for more now, and what blocks it."""

    used: int
    limit: int
    room: int
    next_free_at: datetime | None = None
    blocked_until: datetime | None = None
