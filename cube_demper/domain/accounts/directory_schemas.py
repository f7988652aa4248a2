"""Shapes of the directory of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing.schemas import Entitlements
from cube_demper.models.accounts import User, UserSession
from cube_demper.models.billing import Payment
from cube_demper.models.operations import AuditEntry


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list is narrowed by; empty strings narrow nothing.

    Attributes:
        search: e-mail's beginning, words of a name, id's beginning, a WhatsApp number.
        tab: "user", "support", "admin", "blocked" or "deleted".
        plan: "free", "trial", a plan that is paid for, or "left" for those who have paid and no longer do.
        email: "yes" confirmed, "no" not.
        stores: "with", "without", or "lost" for those that must sign in to Kaspi again.
        since: registered then or later.
        before: registered earlier.
        seen_since: used a page of ours then or later.
    """

    search: str = ""
    tab: str = ""
    plan: str = ""
    email: str = ""
    stores: str = ""
    since: datetime | None = None
    before: datetime | None = None
    seen_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list."""

    id: UUID
    email: str
    name: str
    role: Role
    is_blocked: bool
    is_deleted: bool
    is_confirmed: bool
    created_at: datetime
    last_seen_at: datetime | None
    plan: str
    is_trial: bool
    plan_ends_at: datetime | None
    stores: int


@dataclass(frozen=True, slots=True)
class PersonStore:
    """A store of the person."""

    id: UUID
    name: str
    merchant_id: str
    is_active: bool
    needs_reauth: bool
    goods: int
    bots: int


@dataclass(frozen=True, slots=True)
class Money:
    """What the person has paid and got back, in tiyn."""

    paid: int
    refunded: int
    count: int


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Everything about a person."""

    user: User
    plan: Entitlements
    stores: Sequence[PersonStore]
    payments: Sequence[Payment]
    money: Money
    came_by: str
    """The partner or friend who brought them, "" for nobody."""
    invited: int
    sessions: Sequence[UserSession]
    deeds: Sequence[tuple[AuditEntry, str]]
    """The latest of the audit, each with the e-mail of who did it."""
