"""Customers and staff of support, and the steps that tests repeat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from records import NOON, add_user, seller
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.support import desks, service
from cube_demper.domain.support.schemas import Draft
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.operations import AuditEntry


def staff(user: User) -> Actor:
    """Return the actor that this member of staff is."""
    return Actor(Role(user.role), user.id, user.email)


@dataclass
class Desk:
    """A database with people of both sides, and a clock that goes on by hand."""

    db: Database
    now: datetime = NOON
    people: dict[str, User] = field(default_factory=dict)

    async def hire(self, name: str, role: UserRole = UserRole.SUPPORT) -> Actor:
        """Add a member of staff."""
        async with self.db.write() as tx:
            user = await add_user(
                tx, plan=None, now=self.now, full_name=name, role=role,
                email=f"{uuid4().hex[:8]}@example.kz",
            )  # fmt: skip
        self.people[name] = user
        return staff(user)

    async def come(self, *people: Actor) -> None:
        """Have staff open their page."""
        async with self.db.write() as tx:
            for who in people:
                await desks.touch(tx, who, self.now)

    async def customer(self, name: str = "Айгуль Сериккызы", **given: Any) -> User:
        """Add a seller."""
        email = given.pop("email", f"{uuid4().hex[:8]}@example.kz")
        async with self.db.write() as tx:
            return await add_user(tx, now=self.now, full_name=name, email=email, **given)

    async def says(self, user: User, text: str) -> UUID:
        """Have a customer write; return their chat."""
        async with self.db.write() as tx:
            written = await service.write(
                tx, seller(user), None, Draft(text, uuid4().hex), self.now
            )
        return written.chat_id

    async def answers(self, who: Actor, chat_id: UUID, text: str) -> None:
        """Have a member of staff answer."""
        async with self.db.write() as tx:
            await service.write(tx, who, chat_id, Draft(text, uuid4().hex), self.now)

    def passes(self, **span: float) -> None:
        """Let time go by."""
        self.now += timedelta(**span)

    async def deeds(self, who: Actor) -> list[AuditEntry]:
        """Return what somebody did, in its order."""
        query = select(AuditEntry).where(AuditEntry.actor_id == who.user_id)
        async with self.db.read() as tx:
            return list((await tx.scalars(query.order_by(col(AuditEntry.created_at)))).all())
