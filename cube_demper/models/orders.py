"""Orders of a store, their items and history, and the token that opens them at Kaspi's official API."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of, tiyn
from cube_demper.models import catalog, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class TokenOrigin(StrEnum):
    """Where a token came from."""

    CABINET = "cabinet"
    PASTED = "pasted"


class TokenTask(StrEnum):
    """What the worker has to do: take the token from the cabinet, try a pasted one, try ours again."""

    FETCH = "fetch"
    TRY = "try"
    RECHECK = "recheck"


class TokenProblem(StrEnum):
    """Why the last task brought no working token. UNREACHABLE is tried again by itself."""

    WRONG = "wrong"
    OTHER_STORE = "other_store"
    TAKEN = "taken"
    NO_RIGHT = "no_right"
    SIGNED_OUT = "signed_out"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"


class OrdersToken(Row, table=True):
    """A store's token. `token` was taken by Kaspi; `offered` still has to be. Both are encrypted.

    A token that is offered never displaces one that works before Kaspi has taken it.
    """

    __tablename__ = "orders_tokens"
    __table_args__ = (
        one_of("origin", TokenOrigin),
        one_of("task", TokenTask),
        one_of("problem", TokenProblem),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    token: str | None = None
    token_hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    """Two stores never have one token: Kaspi gives each store its own."""
    tail: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The last four characters, all that is ever shown."""
    origin: str | None = None
    accepted_at: datetime | None = instant()
    checked_at: datetime | None = instant()
    """When Kaspi last took it."""
    rejected_at: datetime | None = instant()
    """When Kaspi stopped taking it; NULL while it works."""
    orders_seen: int | None = None
    """Orders of the last days that it showed at the last check."""
    is_matched: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """It is known to be this store's: the cabinet gave it, or an order names a point of the store."""
    offered: str | None = None
    offered_tail: str = Field(default="", sa_column_kwargs={"server_default": ""})
    task: str | None = None
    asked_at: datetime | None = instant()
    """When the task was set; also its number, so that an older message of the outbox does nothing."""
    problem: str | None = None


class OrderStatus(StrEnum):
    """Where an order stands (SPEC §5.2). UNKNOWN: first met in a state that Kaspi never documented."""

    APPROVED = "APPROVED"
    ACCEPTED_BY_MERCHANT = "ACCEPTED_BY_MERCHANT"
    DELIVERY = "DELIVERY"
    DELIVERED = "DELIVERED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    RETURNED = "RETURNED"
    UNKNOWN = "UNKNOWN"


class OrderSource(StrEnum):
    """Who told of an order: the official API with a token, or the cabinet with a session."""

    API = "api"
    CABINET = "cabinet"


class StatusStep(StrEnum):
    """Why a line of the history was written.

    FIRST: met for the first time. FORWARD: one or more steps on. BACKWARD: Kaspi took a step back.
    UNCLEAR: a state × status that we do not know; the order's status stays.
    """

    FIRST = "first"
    FORWARD = "forward"
    BACKWARD = "backward"
    UNCLEAR = "unclear"


class Order(Row, table=True):
    """One order of one store. Sums in tiyn; NULL is «Kaspi did not say», never zero.

    `customer_name`, `customer_phone` and `delivery_address` are encrypted; the hashes (keyed,
    `SecretBox.fingerprint`) find a buyer without opening anything. NULL phone: Kaspi hides it.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("store_id", "kaspi_order_code"),
        UniqueConstraint("store_id", "kaspi_order_id"),
        Index("ix_orders_list", "store_id", text("ordered_at DESC"), "id"),
        Index("ix_orders_status", "store_id", "status", text("ordered_at DESC")),
        Index(
            "ix_orders_completed",
            "store_id",
            "completed_at",
            postgresql_where=text("completed_at IS NOT NULL"),
        ),
        Index("ix_orders_created", text("created_at DESC")),
        Index(
            "ix_orders_code",
            "kaspi_order_code",
            postgresql_ops={"kaspi_order_code": "text_pattern_ops"},
        ),
        Index("ix_orders_phone", "customer_phone_hash"),
        Index("ix_orders_name", "customer_name_hashes", postgresql_using="gin"),
        Index("ix_orders_unclear", "store_id", postgresql_where=text("NOT is_clear")),
        one_of("status", OrderStatus),
        one_of("previous_status", OrderStatus),
        one_of("source", OrderSource),
        CheckConstraint("total_price >= 0", name="total_price"),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    kaspi_order_code: str
    """The number that the buyer and the seller see; every source has it."""
    kaspi_order_id: str | None = None
    """The official API's id, without base64's padding; NULL while only the cabinet has told of it."""
    status: str
    previous_status: str | None = None
    status_changed_at: datetime = Field(sa_type=Instant)
    """Kaspi's own time where it gives one, else when the status was first seen."""
    kaspi_state: str
    kaspi_status: str
    """Both raw, as Kaspi said them last."""
    is_clear: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    """False while the raw pair is one that we do not know."""
    source: str
    total_price: int = Field(sa_type=BigInteger)
    delivery_cost: int | None = tiyn()
    """What the buyer pays for delivery."""
    seller_delivery_cost: int | None = tiyn()
    """What Kaspi takes from the seller for delivery (`deliveryCostForSeller`)."""
    payment_mode: str | None = None
    credit_term: int | None = None
    """Months, for orders on credit."""
    delivery_mode: str | None = None
    is_kaspi_delivery: bool | None = None
    is_express: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_pre_order: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_assembled: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_signature_required: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    pickup_point_id: str | None = None
    """The store's point that hands it out or sends it (`30000001_PP1`)."""
    city_name: str | None = None
    """The buyer's city; the point's where the buyer comes for it."""
    delivery_address: str | None = None
    customer_name: str | None = None
    customer_phone: str | None = None
    customer_phone_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    customer_name_hashes: list[bytes] = Field(
        default_factory=list,
        sa_type=ARRAY(LargeBinary),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """One hash a word of the name, so that a first or a last name finds the order."""
    cancellation_reason: str | None = None
    waybill_url: str | None = None
    waybill_number: str | None = None
    ordered_at: datetime = Field(sa_type=Instant)
    """Kaspi's `creationDate`; `created_at` is when we wrote the row."""
    approved_at: datetime | None = instant()
    planned_delivery_at: datetime | None = instant()
    reserved_until: datetime | None = instant()
    goods_came_at: datetime | None = instant()
    """When Kaspi took our word that the goods of a pre-order are here; nothing it shows tells."""
    courier_planned_at: datetime | None = instant()
    accepted_at: datetime | None = instant()
    """This and the next five: Kaspi's own time where it gives one, else when the change was first
    seen. NULL when it had happened before we first saw the order."""
    handed_over_at: datetime | None = instant()
    """To the courier (`courierTransmissionDate`)."""
    delivered_at: datetime | None = instant()
    completed_at: datetime | None = instant()
    cancelled_at: datetime | None = instant()
    returned_at: datetime | None = instant()
    seen_at: datetime = Field(sa_type=Instant)
    """When the answer was asked for that last showed it: an older answer changes nothing."""
    missing_since: datetime | None = instant()
    """Since when Kaspi no longer shows it, though it should."""
    wa_approved_sent_at: datetime | None = instant()
    wa_shipped_sent_at: datetime | None = instant()
    wa_delivered_sent_at: datetime | None = instant()
    wa_completed_sent_at: datetime | None = instant()
    wa_review_sent_at: datetime | None = instant()


class OrderItem(Row, table=True):
    """One entry of an order. An entry that Kaspi took out of it later has quantity and sum 0."""

    __tablename__ = "order_items"
    __table_args__ = (
        UniqueConstraint("order_id", "entry_number"),
        Index("ix_order_items_product", "product_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("total_price >= 0", name="total_price"),
    )

    order_id: UUID = Field(foreign_key="orders.id", ondelete="CASCADE")
    product_id: UUID | None = Field(default=None, foreign_key="products.id", ondelete="SET NULL")
    """The store's product with this `kaspi_sku`, or its only one with this card; else NULL."""
    entry_number: int
    """From 0, in Kaspi's order."""
    kaspi_entry_id: str | None = None
    sku: str | None = None
    """The merchant's SKU (`offer.code`), which Kaspi may leave out."""
    card_id: str | None = None
    """The card's masterSku, as `products.external_kaspi_id`."""
    name: str
    category_code: str | None = None
    """«Master - Rulers»."""
    category_name: str | None = None
    unit_type: str | None = None
    quantity: Decimal = Field(sa_type=Numeric(12, 3))
    """Pieces; goods sold by measure may have a fraction."""
    base_price: int | None = tiyn()
    """Of one piece."""
    total_price: int = Field(sa_type=BigInteger)
    delivery_cost: int | None = tiyn()
    weight: Decimal | None = Field(default=None, sa_type=Numeric(12, 3))
    """As Kaspi gives it; its unit is not documented."""
    is_imei_required: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )


class OrderStatusHistory(Row, table=True):
    """One step of an order, or something Kaspi said that is not a step we know."""

    __tablename__ = "order_status_history"
    __table_args__ = (
        Index("ix_order_status_history_order", "order_id", "changed_at"),
        one_of("old_status", OrderStatus),
        one_of("new_status", OrderStatus),
        one_of("step", StatusStep),
        one_of("source", OrderSource),
    )

    order_id: UUID = Field(foreign_key="orders.id", ondelete="CASCADE")
    old_status: str | None = None
    new_status: str
    step: str
    kaspi_state: str
    kaspi_status: str
    source: str
    changed_at: datetime = Field(sa_type=Instant)
    """Kaspi's own time where it gives one, else `seen_at`."""
    seen_at: datetime = Field(sa_type=Instant)
