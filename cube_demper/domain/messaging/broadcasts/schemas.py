"""What broadcasts are made of, told about before they start and show while they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from cube_demper.domain.messaging.gate_schemas import Reason
from cube_demper.models.broadcasts import BroadcastStatus

__all__ = ["BroadcastStatus"]


@dataclass(frozen=True, slots=True)
class Audience:
    """Which buyers. Empty parts do not narrow; days are Almaty's, both included.

    `rest_days`: whoever was written a broadcast in so many days is left alone; 0: nobody is.
    """

    store_ids: tuple[UUID, ...] = ()
    since: date | None = None
    until: date | None = None
    category: str = ""
    product: str = ""
    """Words of a product's name."""
    city: str = ""
    least_orders: int = 1
    only_wrote: bool = False
    """Only people who have written to the seller themselves."""
    rest_days: int = 30

    def as_json(self) -> dict[str, Any]:
        """Return it as the column keeps it."""
        days = {name: it.isoformat() if (it := getattr(self, name)) else None for name in _DAYS}
        return asdict(self) | {"store_ids": [str(it) for it in self.store_ids]} | days

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Audience:
        """Read the column; what it lacks is as in a new draft."""
        stores = {"store_ids": tuple(UUID(it) for it in kept.get("store_ids", ()))}
        days = {name: date.fromisoformat(it) if (it := kept.get(name)) else None for name in _DAYS}
        return Audience(**(dict(kept) | stores | days))


_DAYS = ("since", "until")


class Exclusion(StrEnum):
    """Why a buyer who fits the filter is not written to."""

    OPTED_OUT = "opted_out"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    REFUSED = "refused"
    RESTING = "resting"
    NEVER_WROTE = "never_wrote"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people. `cold`: of `people`, those who never wrote first.

    `hidden_orders`: orders that fit and whose phone Kaspi hides; whose they are nobody knows.
    """

    people: int = 0
    cold: int = 0
    excluded: Mapping[Exclusion, int] = field(default_factory=dict)
    hidden_orders: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person of the audience. `contact_id` None: never written to or heard from."""

    order_id: UUID
    contact_id: UUID | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """When it would be over. `ends_on` None: not within a year, other messages take the whole budget.

    `days`: with today; `a_day`: the most that one day of them brings.
    """

    days: int
    a_day: int
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Load:
    """What else a number says: notices a day as in the last week, and today's broadcasts so far."""

    notices_a_day: float = 0.0
    said_today: int = 0


class Danger(StrEnum):
    """How likely WhatsApp is to block the number."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Cause(StrEnum):
    """What makes it likelier."""

    COLD_A_DAY = "cold_a_day"
    COLD_SHARE = "cold_share"
    NEW_NUMBER = "new_number"
    SAME_TEXT = "same_text"
    LINK = "link"
    MANY_A_DAY = "many_a_day"
    NO_WAY_OUT = "no_way_out"


@dataclass(frozen=True, slots=True)
class Risk:
    """The danger with its causes, the gravest first."""

    danger: Danger
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What one person would read. `language`: "ru" or "kk"."""

    person: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftInput:
    """What a seller writes into a draft. `session_id` None: the first number that works."""

    name: str
    text_ru: str = ""
    text_kk: str = ""
    audience: Audience = Audience()
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """People of a broadcast by what became of them; all but the marks add up to `people`.

    `delivered`, `read` and `answered` are of `sent`. `dropped`: by the gate's reason.
    """

    people: int = 0
    waiting: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    delivered: int = 0
    read: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class BroadcastView:
    """A broadcast with how far it is.

    `forecast`: while it is not over; `held`: why nothing of it leaves now, though it goes on.
    """

    id: UUID
    name: str
    status: BroadcastStatus
    text_ru: str
    text_kk: str
    audience: Audience
    session_id: UUID | None
    written_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: Progress = Progress()
    forecast: Forecast | None = None
    held: Reason | None = None


@dataclass(frozen=True, slots=True)
class BroadcastPage:
    """One page of the list."""

    rows: list[BroadcastView]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class Check:
    """What is told before the start. `obstacle`: why it cannot start now, in words; "": it can."""

    reach: Reach
    forecast: Forecast
    risk: Risk
    samples: list[Sample]
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filter may be made of; numbers as (id, name)."""

    stores: list[tuple[UUID, str]]
    categories: list[str]
    cities: list[str]
    numbers: list[tuple[UUID, str]]
