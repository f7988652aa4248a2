"""What the stores domain tells and is told. Money in tiyn, times aware UTC unless said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.catalog.schemas import Point
from cube_demper.domain.economics.profit_floors import ProfitFloors
from cube_demper.domain.pricing.schemas import DeliveryFilter, RivalFilters
from cube_demper.models.stores import BotMode, Channel, ReauthReason


@dataclass(frozen=True, slots=True)
class WorkHours:
    """When the bot may work, in Almaty time. Both None: round the clock; may cross midnight."""

    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class BotSettings:
    """How a store's bot works (SPEC §3.4)."""

    price_step: int
    check_interval_minutes: int
    hours: WorkHours = WorkHours()
    min_profit: int | None = None
    excluded_merchant_ids: tuple[str, ...] = ()
    rival_filters: RivalFilters = field(default_factory=RivalFilters)
    delivery_filter: DeliveryFilter | None = None
    home_city_only: bool = False
    """The bot keeps the home city only, whatever the goods' own cities say."""


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The same as typed by a person; `rules.read_form` makes it `BotSettings`."""

    price_step: str = ""
    check_interval_minutes: str = ""
    work_hours_start: str = ""
    work_hours_end: str = ""
    is_round_the_clock: bool = False
    min_profit: str = ""
    excluded_merchant_ids: str = ""
    min_rating: str = ""
    min_reviews: str = ""
    ignore_preorder: bool = False
    only_merchants: str = ""
    delivery_filter: str = ""
    home_city_only: bool = False


@dataclass(frozen=True, slots=True)
class StoreBot:
    """A store and the switch of its bot, without secrets."""

    id: UUID
    user_id: UUID
    name: str
    merchant_id: str
    channel: Channel
    is_active: bool
    needs_reauth: bool
    reauth_reason: ReauthReason | None
    has_session: bool
    sends_blocked_until: datetime | None
    synced_at: datetime | None
    is_enabled: bool
    mode: BotMode
    hours: WorkHours
    check_interval_minutes: int
    keeps_password: bool = False

    @property
    def can_send(self) -> bool:
        """Tell whether there is a way for prices to reach Kaspi."""
        return self.has_session or self.channel is Channel.FEED

    @property
    def is_refreshing(self) -> bool:
        """Tell whether its dead sign-in is renewed without its seller."""
        return self.needs_reauth and self.reauth_reason is None and self.keeps_password


@dataclass(frozen=True, slots=True)
class BotCutoff:
    """The last bot that the plan pays for: goods after it in (switched_on_at, product_id) wait.

    `switched_on_at` is `coalesce(bot_enabled_at, created_at)` of that product.
    """

    switched_on_at: datetime
    product_id: UUID


@dataclass(frozen=True, slots=True)
class ReadyStore:
    """A store whose goods may be looked at now, with all that a worker needs of it.

    `mode` is the one in effect: a plan without repricing only suggests. With a `cutoff` the worker
    takes only goods with `(coalesce(bot_enabled_at, created_at), id) <= cutoff`.
    """

    id: UUID
    user_id: UUID
    merchant_id: str
    channel: Channel
    guid: dict[str, object] | None
    home_city_id: str
    points: Sequence[Point]
    sends_blocked_until: datetime | None
    settings: BotSettings
    mode: BotMode
    own_merchant_ids: frozenset[str]
    cutoff: BotCutoff | None
    floors: ProfitFloors
    can_reprice: bool = True
    """The plan lets the bot send; without it a landing price alone may leave."""


class ConditionCode(StrEnum):
    """Why a product is not being repriced, in the order in which the reasons are asked."""

    BOT_OFF_NO_BOUND = "bot_off_no_bound"
    BOT_OFF = "bot_off"
    USER_BLOCKED = "user_blocked"
    STORE_OFF = "store_off"
    BOT_STOPPED = "bot_stopped"
    SMS_REQUIRED = "sms_required"
    INVALID_CREDENTIALS = "invalid_credentials"
    CREDENTIALS_MISSING = "credentials_missing"
    NEEDS_REAUTH = "needs_reauth"
    NO_SESSION = "no_session"
    NO_CARD = "no_card"
    OVER_PLAN_LIMIT = "over_plan_limit"
    PLAN_WITHOUT_REPRICING = "plan_without_repricing"
    OUTSIDE_WORK_HOURS = "outside_work_hours"
    ERRORS = "errors"
    CLAIMED = "claimed"
    NOT_DUE = "not_due"
    OVERDUE = "overdue"
    DUE = "due"


class Weight(StrEnum):
    """How much a condition should worry: OK works, OFF is the seller's own choice."""

    OK = "ok"
    OFF = "off"
    ATTENTION = "attention"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Condition:
    """How many goods are in one condition, what it means and what to do about it."""

    code: ConditionCode
    count: int
    weight: Weight
    words: str
    remedy: str
    link: str


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """One demping process by its last sign of life."""

    instance_index: int
    instance_count: int
    process: str
    is_alive: bool
    seen_at: datetime
    pass_at: datetime | None
    pass_facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """How one store's bot is doing right now.

    `speed_minutes` is the observed wait between looks, only when it is longer than the setting.
    """

    store: StoreBot
    effective_mode: BotMode
    is_open: bool
    opens_at: datetime | None
    bots: int
    due: int
    overdue: int
    changes_used: int
    queued: int
    sending: int
    last_look_at: datetime | None
    speed_minutes: int | None

    @property
    def is_working(self) -> bool:
        """Tell whether the worker looks at this store's goods now."""
        store = self.store
        return (
            store.is_active
            and store.is_enabled
            and store.can_send
            and not store.needs_reauth
            and self.is_open
        )


@dataclass(frozen=True, slots=True)
class BotStatus:
    """The status strip: stores, workers, backlog."""

    stores: tuple[StoreStatus, ...]
    workers: tuple[WorkerSeen, ...]
    changes_limit: int

    @property
    def workers_alive(self) -> int:
        """Count the shards that have a living process."""
        return len({worker.instance_index for worker in self.workers if worker.is_alive})

    @property
    def workers_expected(self) -> int:
        """Return how many shards there must be, by what the living (else the last) ones say."""
        alive = [w.instance_count for w in self.workers if w.is_alive]
        return max(alive or [w.instance_count for w in self.workers] or [0])

    @property
    def working(self) -> tuple[StoreStatus, ...]:
        """Return the stores whose bot works now."""
        return tuple(status for status in self.stores if status.is_working)

    @property
    def last_look_at(self) -> datetime | None:
        """Return when any product was last looked at."""
        return max((s.last_look_at for s in self.stores if s.last_look_at), default=None)


@dataclass(frozen=True, slots=True)
class StopForecast:
    """What stopping the bot touches. `sending` is already on its way and cannot be called back."""

    stores: int
    bots: int
    queued: int
    sending: int


@dataclass(frozen=True, slots=True)
class StopResult:
    """What was stopped: the ids of stores whose bot really was on."""

    store_ids: tuple[UUID, ...]
    dropped: int
    sending: int


@dataclass(frozen=True, slots=True)
class SendForecast:
    """What would be sent first if sending were allowed now, by the latest suggestions."""

    bots: int
    suggested: int
    falls: int
    rises: int
    biggest_fall: int
    can_reprice: bool
