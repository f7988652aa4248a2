"""What sellers do with orders at Kaspi: one row an action, and the waybills they print."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Numeric, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, one_of
from cube_demper.models import accounts, orders, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class ActionKind(StrEnum):
    """What is done to an order (KASPI.md §4.3).

    ARRIVE: the goods of a pre-order have come to the seller. REDUCE: an entry keeps fewer pieces, or
    none. TAKE_BACK: a cancelled or returned parcel is with the seller again.
    """

    ACCEPT = "accept"
    ASSEMBLE = "assemble"
    SEND_CODE = "send_code"
    COMPLETE = "complete"
    CANCEL = "cancel"
    REDUCE = "reduce"
    ARRIVE = "arrive"
    TAKE_BACK = "take_back"


class ActionStatus(StrEnum):
    """How far an action is.

    REQUESTED: it has not left. SENT: committed before the request leaves, so after a crash it may have
    arrived. UNKNOWN: it left and nobody said how it ended; reading the order will tell. The others
    are final; DROPPED: the seller took it back before it left.
    """

    REQUESTED = "requested"
    SENT = "sent"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DROPPED = "dropped"


class ActionRefusal(StrEnum):
    """Why an action ended without its effect; who can do what about it differs in each."""

    WRONG_CODE = "wrong_code"
    CODE_SPENT = "code_spent"
    """Kaspi takes this code no more: it is too old, or was mistyped too often."""
    CODE_UNSURE = "code_unsure"
    """Nobody knows whether the code was sent: nothing in the order tells."""
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    UNSIGNED = "unsigned"
    MOVED_ON = "moved_on"
    """The order has moved to where this cannot be done."""
    NO_TOKEN = "no_token"  # noqa: S105 - the name of a reason
    NO_RIGHT = "no_right"
    UNREACHABLE = "unreachable"
    """Kaspi did not answer for so long that we stopped; nothing was changed."""
    NOT_DONE = "not_done"
    """It left, no answer came, and the order shows that nothing was changed."""
    UNSURE = "unsure"
    """It left, no answer came, and the order shows neither that it was done nor that it was not."""
    OTHER = "other"


class OrderAction(Row, table=True):
    """One action. At most one of an order is open: what is pressed twice is done once."""

    __tablename__ = "order_actions"
    __table_args__ = (
        one_of("kind", ActionKind),
        one_of("status", ActionStatus),
        one_of("refusal", ActionRefusal),
        CheckConstraint("spaces > 0", name="spaces"),
        CheckConstraint("remained >= 0", name="remained"),
        Index(
            "uq_order_actions_open",
            "order_id",
            unique=True,
            postgresql_where=text("status IN ('requested', 'sent', 'unknown')"),
        ),
        Index(
            "ix_order_actions_due",
            "next_try_at",
            postgresql_where=text("status IN ('requested', 'sent', 'unknown')"),
        ),
        Index("ix_order_actions_order", "order_id", text("asked_at DESC")),
        Index("ix_order_actions_batch", "batch_id"),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    order_id: UUID = Field(foreign_key="orders.id", ondelete="CASCADE")
    batch_id: UUID | None = None
    """What was asked for a selection has one."""
    asked_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    kind: str
    status: str = Field(default=ActionStatus.REQUESTED)
    spaces: int | None = None
    """ASSEMBLE: the number of places, one waybill each."""
    reason: str | None = None
    """CANCEL and REDUCE: Kaspi's own word."""
    comment: str = Field(default="", sa_column_kwargs={"server_default": ""})
    entry_number: int | None = None
    """REDUCE: which entry, and how much of it stays."""
    remained: Decimal | None = Field(default=None, sa_type=Numeric(12, 3))
    code: str | None = None
    """COMPLETE: the buyer's code, encrypted, gone as soon as the action is over."""
    asked_at: datetime = Field(sa_type=Instant)
    next_try_at: datetime = Field(sa_type=Instant)
    claimed_until: datetime | None = instant()
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How many requests have left."""
    failures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How many could not leave."""
    sent_at: datetime | None = instant()
    """When the last one was about to leave."""
    done_at: datetime | None = instant()
    refusal: str | None = None
    said: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Kaspi's own words, where we have none for them."""


class LabelLayout(StrEnum):
    """How waybills stand on paper."""

    A4_ONE = "a4_1"
    A4_TWO = "a4_2"
    A4_FOUR = "a4_4"
    THERMAL = "thermal"
    """A roll 80 mm wide."""


class PrintStatus(StrEnum):
    """How a file of waybills stands."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class WaybillPrint(Row, table=True):
    """Waybills of some orders in one file, kept for a day. `pdf` is encrypted: it names buyers."""

    __tablename__ = "waybill_prints"
    __table_args__ = (
        one_of("layout", LabelLayout),
        one_of("status", PrintStatus),
        Index("ix_waybill_prints_owner", "owner_id", text("created_at DESC")),
    )

    owner_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    layout: str
    status: str = Field(default=PrintStatus.MAKING)
    order_ids: list[str] = json(list)
    total: int
    fetched: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    missing: list[dict[str, str]] = json(list)
    """Orders that are not in the file: `{"code": …, "why": …}`, why as in `waybills.words`."""
    pages: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    pdf: bytes | None = Field(default=None, sa_type=LargeBinary)
    ready_at: datetime | None = instant()
    expires_at: datetime | None = instant()
