"""A seller, two of support, and what they say to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from records import add_user
from records import seller as actor_of

from cube_demper.core.clock import FixedClock
from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.support import desks, files, reading, service
from cube_demper.domain.support.file_types import check_file
from cube_demper.domain.support.schemas import Draft, Message, Written
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.billing import Plan

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
"""12:00 in Almaty."""
_keys = count(1)


@dataclass
class Talk:
    """The scene. Times are the clock's."""

    db: Database
    clock: FixedClock
    secrets: SecretBox
    seller: Actor
    aigul: Actor
    marat: Actor

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def ask(
        self, text: str, *, key: str = "", files: Sequence[UUID] = (), by: Actor | None = None
    ) -> Written:
        draft = Draft(text, key or f"k{next(_keys)}", tuple(files))
        async with self.db.write() as tx:
            return await service.write(tx, by or self.seller, None, draft, self.now)

    async def answer(
        self,
        chat_id: UUID,
        text: str,
        *,
        key: str = "",
        files: Sequence[UUID] = (),
        by: Actor | None = None,
    ) -> Written:
        draft = Draft(text, key or f"k{next(_keys)}", tuple(files))
        async with self.db.write() as tx:
            return await service.write(tx, by or self.aigul, chat_id, draft, self.now)

    async def upload(self, name: str, content: bytes, *, by: Actor | None = None) -> UUID:
        checked = check_file(name, content)
        async with self.db.write() as tx:
            head = await files.add(tx, by or self.seller, checked, self.now, secrets=self.secrets)
            return head.id

    async def come(self, who: Actor) -> None:
        async with self.db.write() as tx:
            await desks.touch(tx, who, self.now)

    async def read(self, who: Actor, chat_id: UUID | None = None) -> list[Message]:
        async with self.db.read() as tx:
            return (await reading.messages(tx, who, chat_id)).rows


async def make_talk(db: Database, secrets: SecretBox, *, plan: Plan = Plan.PRO) -> Talk:
    """Add the people."""
    async with db.write() as tx:
        seller = await add_user(tx, plan=plan, now=NOON, full_name="Болат Сериков")
        aigul = await add_user(tx, plan=None, role=UserRole.SUPPORT, full_name="Айгуль Нурова")
        marat = await add_user(tx, plan=None, role=UserRole.SUPPORT, full_name="Марат")
    clock = FixedClock(NOON)
    return Talk(db, clock, secrets, actor_of(seller), staff_of(aigul), staff_of(marat))


def staff_of(user: User, role: Role = Role.SUPPORT) -> Actor:
    """Return who acts as support."""
    return Actor(role, user.id, user.email)


THREE_MINUTES = timedelta(minutes=3)
