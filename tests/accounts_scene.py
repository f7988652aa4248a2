"""People, a clock that stands still, and a mail room that keeps what it sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cube_demper.core.clock import FixedClock
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Role, SignedIn, Visitor
from cube_demper.domain.notifications.schemas import Letter
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.operations import OutboxMessage

PASSWORD = "три слова подряд"
HOME = Visitor(ip="10.0.0.1", user_agent="Firefox")


@dataclass
class Postbox:
    """A mailer that delivers to itself."""

    letters: list[tuple[str, Letter]] = field(default_factory=list)

    async def send(self, to: str, letter: Letter) -> None:
        self.letters.append((to, letter))

    def link_token(self) -> str:
        """Return the token of the link in the last letter."""
        found = re.search(r"token=(\S+)", self.letters[-1][1].text)
        assert found
        return found[1]


@dataclass
class Scene:
    """Everything a use case needs, and the steps that tests repeat."""

    db: Database
    clock: FixedClock
    attempts: RedisAttempts
    post: Postbox = field(default_factory=Postbox)

    async def add(self, email: str, *, role: Role = Role.USER) -> UUID:
        async with self.db.write() as tx:
            return await accounts.create_user(
                tx, SYSTEM, email=email, password=PASSWORD, role=role, now=self.clock.now()
            )

    async def register(self, email: str, **changes: Any) -> None:
        form = {"email": email, "password": PASSWORD, "has_agreed": True, **changes}
        async with self.db.write() as tx:
            await accounts.register(
                tx,
                NOBODY,
                accounts.Registration(**form),
                visitor=HOME,
                attempts=self.attempts,
                now=self.clock.now(),
            )

    async def code(
        self,
        email: str,
        password: str = PASSWORD,
        *,
        app: CubeApp = CubeApp.SELLER,
        visitor: Visitor = HOME,
    ) -> str:
        async with self.db.write() as tx:
            proven = await accounts.sign_in(
                tx,
                NOBODY,
                email=email,
                password=password,
                app=app,
                visitor=visitor,
                attempts=self.attempts,
                now=self.clock.now(),
            )
            return proven.code

    async def open(self, code: str, *, app: CubeApp = CubeApp.SELLER) -> str:
        async with self.db.write() as tx:
            return await accounts.open_session(
                tx, NOBODY, code, app=app, visitor=HOME, now=self.clock.now()
            )

    async def sign_in(self, email: str, password: str = PASSWORD) -> str:
        return await self.open(await self.code(email, password))

    async def who(self, token: str, app: CubeApp = CubeApp.SELLER) -> SignedIn | None:
        async with self.db.read() as tx:
            return await accounts.find_signed_in(tx, token, app, self.clock.now())

    async def request_reset(self, email: str) -> None:
        async with self.db.write() as tx:
            await accounts.request_reset(
                tx,
                NOBODY,
                email,
                visitor=HOME,
                attempts=self.attempts,
                now=self.clock.now(),
            )

    async def reset(self, token: str, password: str) -> None:
        async with self.db.write() as tx:
            await accounts.reset_password(
                tx, NOBODY, token=token, password=password, now=self.clock.now()
            )

    async def confirm(self, token: str) -> bool:
        async with self.db.write() as tx:
            return await accounts.confirm_email(tx, NOBODY, token, self.clock.now())

    async def queued(self) -> list[OutboxMessage]:
        async with self.db.read() as tx:
            order = select(OutboxMessage).order_by(OutboxMessage.created_at)
            return list((await tx.scalars(order)).all())

    async def deliver(self) -> None:
        """Send every queued letter once."""
        room = accounts.MailRoom(
            self.db, self.post, "https://cube.example.kz", "support@cube.example.kz"
        )
        for message in await self.queued():
            await accounts.deliver(room, message.topic, message.payload, self.clock.now())
