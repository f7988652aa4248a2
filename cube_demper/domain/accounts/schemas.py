"""Who acts, and the shapes in which people and their sessions travel. Every service call takes an `Actor`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.models.staff import Area

NO_RIGHT = "У вас нет права менять это. Попросите владельца магазина."
NOT_YOURS = "Вы вошли под пользователем: это меняет только он сам."


class Role(StrEnum):
    """What the actor may be; SYSTEM is a worker or a command of the operator."""

    NOBODY = "nobody"
    USER = "user"
    SUPPORT = "support"
    PARTNER = "partner"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process on whose behalf a service works."""

    role: Role
    user_id: UUID | None = None
    email: str = ""
    acts_for: UUID | None = None
    """The seller whom this person works for; None: for themselves."""
    rights: frozenset[Area] = frozenset()
    """What they may change there; a seller needs none for their own."""
    partner_id: UUID | None = None
    """Who a partner is: they are no user."""
    impersonated_by: UUID | None = None
    """The admin who looks through this seller's eyes: with a manager's rights and nothing personal."""
    ip: str = field(default="", compare=False)
    """Where the request came from, for the audit."""
    token_id: UUID | None = None
    """The token of a program that acts for this admin."""

    @property
    def own_partner_id(self) -> UUID:
        """Return the partner whose data this actor may see. Raises PermissionDenied for anybody else."""
        if self.role is not Role.PARTNER or self.partner_id is None:
            raise PermissionDenied
        return self.partner_id

    @property
    def owner_id(self) -> UUID:
        """Return the seller whose data this actor may see. Raises PermissionDenied for anybody else."""
        if self.role is not Role.USER or self.user_id is None:
            raise PermissionDenied
        return self.acts_for or self.user_id

    def may(self, area: Area | None) -> bool:
        """Tell whether the actor may change what needs this right; None: what only the seller may."""
        return self.acts_for is None or (area is not None and area in self.rights)

    def require(self, area: Area | None) -> None:
        """Raise PermissionDenied, in words for a manager, unless the actor may."""
        if not self.may(area):
            raise PermissionDenied(self.refusal)

    def require_self(self) -> None:
        """Raise PermissionDenied for an admin who is signed in as somebody: secrets are not for them."""
        if self.impersonated_by is not None:
            raise PermissionDenied(NOT_YOURS)

    def require_role(self, *roles: Role) -> None:
        """Raise PermissionDenied unless the actor is one of `roles`."""
        if self.role not in roles:
            raise PermissionDenied

    @property
    def refusal(self) -> str:
        """Return what is read by who may not change this."""
        return NOT_YOURS if self.impersonated_by else NO_RIGHT

    def require_operator(self) -> None:
        """Raise PermissionDenied unless this is an admin or the product itself."""
        if self.role not in (Role.SYSTEM, Role.ADMIN):
            raise PermissionDenied

    def require_staff(self) -> None:
        """Raise PermissionDenied unless this is support, an admin or the product itself."""
        if self.role not in (Role.SYSTEM, Role.ADMIN, Role.SUPPORT):
            raise PermissionDenied

    @property
    def person_id(self) -> UUID:
        """Return who this person is, whatever the role. Raises PermissionDenied for nobody and SYSTEM."""
        if self.user_id is None:
            raise PermissionDenied
        return self.user_id


NOBODY = Actor(Role.NOBODY)
SYSTEM = Actor(Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session with its person, as read at this moment."""

    session_id: UUID
    actor: Actor
    full_name: str
    locale: str
    is_email_confirmed: bool
    last_seen_at: datetime | None
    owner_name: str = ""
    """Whom the person works for now, empty for themselves."""
    expires_at: datetime | None = None
    proved_at: datetime | None = None
    """When the password was last asked again in this session."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request came from: kept with sessions and counted by limits."""

    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One signed-in browser, for the person's own list of devices."""

    id: UUID
    ip: str
    user_agent: str
    created_at: datetime
    expires_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A manager, or an invitation that waits (`accepted_at` None)."""

    id: UUID
    email: str
    name: str
    rights: frozenset[Area]
    accepted_at: datetime | None
    expires_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffPerson:
    """An admin or a support person of ours."""

    id: UUID
    email: str
    name: str
    role: Role
    is_blocked: bool
    has_second_factor: bool
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person is invited to."""

    id: UUID
    owner: str
    email: str
    rights: frozenset[Area]


@dataclass(frozen=True, slots=True)
class Cabinet:
    """A seller whom a person may work for."""

    owner_id: UUID
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did to a seller's data at one moment, to `count` things of one kind."""

    at: datetime
    who: str
    is_own: bool
    action: str
    entity: str
    entity_id: str
    """Of one of them."""
    count: int = 1
