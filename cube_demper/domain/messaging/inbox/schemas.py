"""What the inbox shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.messaging.enclosures import Enclosure
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason
from cube_demper.models.orders import OrderStatus

Moment = tuple[datetime, UUID]
"""A place in time that two rows never share."""


@dataclass(frozen=True, slots=True)
class ThreadQuery:
    """What the list is asked for. `after`: the last row that is shown already."""

    search: str = ""
    is_unread: bool = False
    after: Moment | None = None
    limit: int = 30


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One talk in the list, with what was said last. `unread`: how much of the buyer's."""

    id: UUID
    person: str
    phone: str
    talked_at: datetime
    text: str
    is_ours: bool
    status: str
    enclosure: Enclosure | None
    unread: int


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some talks, the newest first. `unread`: talks with something unread in all."""

    rows: list[ThreadRow]
    has_more: bool
    unread: int


class Origin(StrEnum):
    """Who said it. AUTO: this product by itself. PHONE: the seller, on the phone itself."""

    BUYER = "buyer"
    SELLER = "seller"
    AUTO = "auto"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `id` is the message's, or the queue's while it has not left; `queue_id` the queue's.

    `status`: of the message (`MessageStatus`), or «waiting» and «dropped» of the queue. `reason`: why it
    waits, was dropped or failed.
    """

    id: UUID
    queue_id: UUID | None
    origin: Origin
    text: str
    at: datetime
    status: str
    reason: Reason | None
    event: str | None
    order_code: str | None
    enclosure: Enclosure | None


@dataclass(frozen=True, slots=True)
class OrderBrief:
    """An order of the buyer, tiyn."""

    id: UUID
    code: str
    status: OrderStatus
    total: int
    ordered_at: datetime
    store: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the seller may write to a buyer now.

    `refusal`: nothing can be queued. `reason` and `until`: it can, and waits for this long.
    `kind`: an answer, or a letter that nobody asked for.
    """

    kind: MessageKind
    refusal: Reason | None = None
    reason: Reason | None = None
    until: datetime | None = None
    session_id: UUID | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A talk with a buyer, the oldest message first. `is_silent`: they asked not to be written to.

    `oldest`: where the messages before the shown ones begin.
    """

    id: UUID
    person: str
    phone: str
    is_silent: bool
    said: list[Said]
    has_older: bool
    oldest: Moment | None
    orders: list[OrderBrief]
    order_count: int
    standing: Standing
    is_unread: bool


@dataclass(frozen=True, slots=True)
class QuickReply:
    """A text at hand. `id` None: an event's template."""

    id: UUID | None
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a seller wrote. `key`: the same one twice is one message."""

    text: str
    key: str
    file_id: UUID | None = None
    enclosure: Enclosure | None = field(default=None)
