"""Shapes of actions: what may be done, what was asked, what a worker has in hand. No secrets shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus
from cube_demper.models.orders import OrderStatus

PACKING = "KASPI_DELIVERY_CARGO_ASSEMBLY"
"""The cabinet's tab «Упаковка»."""


class Way(StrEnum):
    """How an action reaches Kaspi, the better way first."""

    TOKEN = "token"  # noqa: S105 - the name of a way
    CABINET = "cabinet"


class Verdict(StrEnum):
    """What an order says of an action. OVER: it is cancelled or done, so this can never be."""

    DONE = "done"
    NOT_DONE = "not_done"
    OVER = "over"
    UNCLEAR = "unclear"


class Next(StrEnum):
    """What follows a look."""

    CONFIRM = "confirm"
    LOOK_AGAIN = "look_again"
    REPEAT = "repeat"
    MOVED_ON = "moved_on"
    NOT_DONE = "not_done"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands, as far as actions depend on it."""

    status: OrderStatus
    state: str
    kaspi_status: str
    is_assembled: bool = False
    is_handed_over: bool = False
    is_pre_order: bool = False
    has_come: bool = False
    """The goods of a pre-order are with the seller, as we told Kaspi."""
    is_clear: bool = True
    is_missing: bool = False

    @property
    def is_awaited(self) -> bool:
        """Tell whether the goods of a pre-order are not here yet; the cabinet's packing tab says they are."""
        is_here = self.has_come or self.state == PACKING
        return self.is_pre_order and not is_here


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. `remained`: how many pieces of the entry stay; `code`: the buyer's."""

    kind: ActionKind
    spaces: int | None = None
    reason: str | None = None
    comment: str = ""
    entry_number: int | None = None
    remained: Decimal | None = None
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Errand:
    """An action in the worker's hands, with what it takes to do it."""

    id: UUID
    order_id: UUID
    store_id: UUID
    user_id: UUID
    merchant_id: str
    claimed_until: datetime
    asked: Request
    status: ActionStatus
    code: str
    """The order's number."""
    kaspi_id: str | None
    entry_id: str | None
    pieces: int
    asked_at: datetime
    sent_at: datetime | None
    attempts: int
    batch_id: UUID | None
    token: str = field(default="", repr=False)
    cookies: str = field(default="", repr=False)
    """Encrypted."""

    @property
    def ways(self) -> frozenset[Way]:
        """Return what the store has to do it by."""
        found = {Way.TOKEN: self.token, Way.CABINET: self.cookies}
        return frozenset(way for way, key in found.items() if key)


LastCheck = Callable[[], Awaitable[bool]]


class Hands(Protocol):
    """Does actions at Kaspi, each once."""

    async def do(self, errand: Errand, last_check: LastCheck) -> bool:
        """Do it; False when `last_check`, asked as the last act before the request, said no.

        Raises Declined when Kaspi refused, OutcomeUnknown when only a look can tell, and the errors
        of `core.errors` that mean «nothing was done».
        """
        ...


class Tried(Protocol):
    """What a rule reads of a past action."""

    kind: str
    status: str
    asked_at: datetime
    done_at: datetime | None
    refusal: str | None


@dataclass(frozen=True, slots=True)
class ActionView:
    """The last action of an order as its seller sees it. `tries_left`: of the buyer's code."""

    id: UUID
    order_id: UUID
    kind: ActionKind
    status: ActionStatus
    asked_at: datetime
    done_at: datetime | None = None
    refusal: ActionRefusal | None = None
    said: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether it still goes on."""
        return self.done_at is None


@dataclass(frozen=True, slots=True)
class Doable:
    """What can be done to one order now.

    `kinds`: what Kaspi allows and the store has a way for. `without_token`: what Kaspi allows and
    only a token could do. `code_sent_at` and `tries_left`: of the buyer's code, None before it is sent.
    """

    kinds: tuple[ActionKind, ...] = ()
    without_token: tuple[ActionKind, ...] = ()
    has_waybill: bool = False
    last: ActionView | None = None
    code_sent_at: datetime | None = None
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class BulkCount:
    """What an action would do to a selection: orders and their sum in tiyn; those left out, and why."""

    fit: int
    total_price: int
    left_out: Sequence[tuple[ActionRefusal, int]] = ()
    going_on: int = 0
    """Orders with an action that is not over yet."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One order of a batch that did not come to a good end."""

    order_id: UUID
    code: str
    refusal: ActionRefusal
    said: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """How a batch goes. `troubles`: the first refused ones."""

    id: UUID
    kind: ActionKind
    total: int
    done: int
    refused: int
    dropped: int
    asked_at: datetime
    troubles: Sequence[BatchRow] = ()

    @property
    def waiting(self) -> int:
        """Return how many are not over."""
        return self.total - self.done - self.refused - self.dropped
