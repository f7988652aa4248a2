"""Who acts. Every service call takes an `Actor`."""

from __future__ import annotations

from dataclasses import dataclass
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


NOBODY = Actor(Role.NOBODY)
SYSTEM = Actor(Role.SYSTEM)
