"""Who acts, and the shapes in which people and their sessions travel. Every service call takes an `Actor`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.core.errors import PermissionDenied


class Role(StrEnum):
    """What the actor may be; SYSTEM is a worker or a command of the operator."""

    NOBODY = "nobody"
    USER = "user"
    SUPPORT = "support"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process on whose behalf a service works."""

    role: Role
    user_id: UUID | None = None
    email: str = ""

    @property
    def owner_id(self) -> UUID:
        """Return the seller whose data this actor may see. Raises PermissionDenied for anybody else."""
        if self.role is not Role.USER or self.user_id is None:
            raise PermissionDenied
        return self.user_id

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
