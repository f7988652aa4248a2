"""Connected Kaspi stores, their sign-ins and their repricing settings."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Time, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, one_of, tiyn, whole_tenge
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row

ALMATY_CITY_ID = "750000000"


class Channel(StrEnum):
    """How prices reach Kaspi: the cabinet's price feed, or the store's official XML price list."""

    CABINET = "cabinet"
    FEED = "feed"


class ReauthReason(StrEnum):
    """Why a store must sign in to Kaspi again (SPEC §4.3)."""

    SMS_REQUIRED = "sms_required"
    INVALID_CREDENTIALS = "invalid_credentials"
    CREDENTIALS_MISSING = "credentials_missing"


class BotMode(StrEnum):
    """SUGGEST shows decisions and sends nothing; AUTO sends them."""

    SUGGEST = "suggest"
    AUTO = "auto"


class DeliveryFilter(StrEnum):
    """Rivals slower than this are not rivals. ANY on a product undoes its store's choice."""

    ANY = "any"
    TODAY_TOMORROW = "today_tomorrow"
    TILL_3_DAYS = "till_3_days"
    TILL_5_DAYS = "till_5_days"
    SAME_OR_FASTER = "same_or_faster"


class KaspiStore(Row, table=True):
    """A seller's store. `guid` is the cabinet session of DESIGN §4; NULL means never signed in."""

    __tablename__ = "kaspi_stores"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("reauth_reason", ReauthReason),
        Index("ix_kaspi_stores_lost", "user_id", postgresql_where=text("needs_reauth")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    merchant_id: str = Field(unique=True)
    name: str
    channel: str = Channel.CABINET
    guid: dict[str, Any] | None = json()
    kaspi_email: str | None = None
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    needs_reauth: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    reauth_reason: str | None = None
    orders_polling_enabled: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    home_city_id: str = ALMATY_CITY_ID
    points: list[dict[str, Any]] = json(list, sa_column_kwargs={"server_default": text("'[]'")})
    sends_blocked_until: datetime | None = instant()
    synced_at: datetime | None = instant()
    rivals_counted_at: datetime | None = instant()
    """When the profiles of its rivals were last worked out."""
    ai_tone: str | None = None
    ai_discount_percent: int | None = None
    ai_promo_code: str | None = None
    ai_review_bonus: str | None = None
    ai_send_delay_minutes: int = 10
    ai_max_messages_per_day: int = 50


class LoginStep(StrEnum):
    """Where a sign-in to Kaspi stands. OPENING, CHECKING and ENTERING are the worker's turns."""

    OPENING = "opening"
    CODE = "code"
    CHECKING = "checking"
    SHOP = "shop"
    ENTERING = "entering"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class LoginRefusal(StrEnum):
    """Why a sign-in ended without a store."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the name of a reason
    WRONG_CODE = "wrong_code"
    FLOOD = "flood"
    EXPIRED = "expired"
    NO_SHOPS = "no_shops"
    OTHER_STORE = "other_store"
    TAKEN = "taken"
    UNREACHABLE = "unreachable"
    CONTRACT_CHANGED = "contract_changed"
    INTERRUPTED = "interrupted"


class KaspiLogin(Row, table=True):
    """A sign-in to Kaspi: lives 10 minutes; `state` is encrypted and emptied when it ends.

    What is left of it afterwards counts the tries of its account. A refresh has no secrets of its
    own: the worker takes the password from the store's `guid`.
    """

    __tablename__ = "kaspi_logins"
    __table_args__ = (
        one_of("step", LoginStep),
        one_of("refusal", LoginRefusal),
        Index(
            "uq_kaspi_logins_open_account",
            "account_hash",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_kaspi_logins_tries", "account_hash", "started_at"),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    store_id: UUID | None = Field(default=None, foreign_key="kaspi_stores.id", ondelete="CASCADE")
    account_hash: str
    account: str
    """The e-mail or phone with its middle hidden, for the screen."""
    is_refresh: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    step: str
    state: str
    details: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    refusal: str | None = None
    retry_at: datetime | None = instant()
    """Not before then: Kaspi's flood break, or the limit of tries an hour."""
    claimed_until: datetime | None = instant()
    started_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = instant()


class DempingSettings(Row, table=True):
    """How a store's bot works. Both work hours NULL: round the clock; they may cross midnight."""

    __tablename__ = "demping_settings"
    __table_args__ = (
        one_of("mode", BotMode),
        one_of("delivery_filter", DeliveryFilter),
        whole_tenge("price_step"),
        CheckConstraint("check_interval_minutes BETWEEN 1 AND 1440", name="check_interval"),
        CheckConstraint("min_profit >= 0", name="min_profit"),
        CheckConstraint(
            "num_nulls(work_hours_start, work_hours_end) IN (0, 2)"
            " AND work_hours_start IS DISTINCT FROM work_hours_end"
            " OR num_nulls(work_hours_start, work_hours_end) = 2",
            name="work_hours",
        ),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    is_enabled: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    mode: str = Field(default=BotMode.SUGGEST, sa_column_kwargs={"server_default": "suggest"})
    price_step: int = tiyn(nullable=False, sa_column_kwargs={"server_default": text("100")})
    check_interval_minutes: int = Field(default=15, sa_column_kwargs={"server_default": text("15")})
    # `evaluates_none`: a NULL given at insert is a NULL (round the clock), not the server's default.
    work_hours_start: time | None = Field(
        default=time(9),
        sa_type=Time().evaluates_none(),
        sa_column_kwargs={"server_default": "09:00"},
    )
    work_hours_end: time | None = Field(
        default=time(21),
        sa_type=Time().evaluates_none(),
        sa_column_kwargs={"server_default": "21:00"},
    )
    min_profit: int | None = tiyn()
    excluded_merchant_ids: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    rival_filters: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    delivery_filter: str | None = None
    home_city_only: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
