"""Who writes to us, as the card beside a chat shows them. Money in tiyn, times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.domain.billing.view_schemas import PaymentView, Standing, Usage
from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.notifications.schemas import NotificationRow
from cube_demper.domain.orders.switching import PollView
from cube_demper.domain.stores.journal_schemas import LatestChange
from cube_demper.domain.stores.schemas import Condition, StoreStatus


@dataclass(frozen=True, slots=True)
class Person:
    """The writer. `email` is masked for who is no admin; `works_for`: the seller, for a manager."""

    user_id: UUID
    name: str
    email: str
    works_for: str
    is_email_confirmed: bool
    is_blocked: bool
    registered_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """One store: its bot, the catalogue's last run, the reading of its orders."""

    status: StoreStatus
    sync: SyncRun | None
    poll: PollView | None


@dataclass(frozen=True, slots=True)
class OrdersBrief:
    """Orders of all stores. `today` by Almaty's calendar."""

    today: int = 0
    week: int = 0
    latest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Everything that answers «why does it not work» at one glance.

    `standing`, `usage`, `payment`, `stores` and what follows are the seller's: a manager writes about them.
    `conditions`: why goods are not repriced, with what to do. `troubles`: the last things that the seller
    was told of and that need them. `changes`: the last prices that left, each with its reason in words.
    """

    person: Person
    standing: Standing
    usage: Usage
    balance: int
    payment: PaymentView | None
    stores: tuple[StoreHealth, ...]
    store_count: int
    conditions: tuple[Condition, ...]
    troubles: tuple[NotificationRow, ...]
    changes: tuple[LatestChange, ...]
    orders: OrdersBrief
