"""A seller's inbox for tests: buyers write, the seller answers, the gate sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from messaging_scene import Talk
from records import seller

from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging.enclosures import Enclosure
from cube_demper.domain.messaging.hearing import service as hearing
from cube_demper.domain.messaging.hearing.schemas import AckHeard, MessageHeard
from cube_demper.domain.messaging.inbox import files, threads, writing
from cube_demper.domain.messaging.inbox.schemas import Answer, Thread, ThreadPage, ThreadQuery
from cube_demper.models.messaging import WhatsAppSession

BUYER = "77010000001"
"""The buyer of `orders_made`."""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@dataclass
class Inbox:
    """What tests of the inbox do."""

    talk: Talk
    ids: count[int] = field(default_factory=lambda: count(1))

    @property
    def actor(self) -> Actor:
        return seller(self.talk.user)

    async def hears(
        self,
        text: str,
        phone: str = BUYER,
        *,
        name: str = "Айгерим",
        enclosure: Enclosure | None = None,
        **more: Any,
    ) -> str:
        """Let WhatsApp tell of a message; return its short id."""
        short_id = f"3EB0{next(self.ids):08d}"
        heard = MessageHeard(
            session="x",
            chat_id=more.pop("chat_id", f"{phone}@c.us"),
            short_id=short_id,
            text=text,
            at=self.talk.clock.now(),
            phone=phone,
            name=name,
            enclosure=enclosure,
            **more,
        )
        async with self.talk.db.write() as tx:
            session = await tx.get_one(WhatsAppSession, self.talk.session_id)
            now, secrets = self.talk.clock.now(), self.talk.services.secrets
            await hearing.take_message(tx, session, heard, secrets, now)
        return short_id

    async def ack(self, short_id: str, ack: int) -> None:
        """Let WhatsApp tell how far a message of ours came."""
        now = self.talk.clock.now()
        async with self.talk.db.write() as tx:
            session = await tx.get_one(WhatsAppSession, self.talk.session_id)
            await hearing.take_ack(tx, session, AckHeard("x", short_id, ack, now), now)

    async def list(self, actor: Actor | None = None, **asked: Any) -> ThreadPage:
        """Read the list."""
        async with self.talk.db.read() as tx:
            return await threads.list_threads(
                tx, actor or self.actor, ThreadQuery(**asked), secrets=self.talk.services.secrets
            )

    async def only(self) -> UUID:
        """Return the only talk."""
        (row,) = (await self.list()).rows
        return row.id

    async def thread(self, thread_id: UUID | None = None, **given: Any) -> Thread:
        """Read a talk, the only one where none is named."""
        found = thread_id or await self.only()
        async with self.talk.db.read() as tx:
            return await threads.get_thread(
                tx, given.pop("actor", self.actor), found, self.talk.clock.now(),
                secrets=self.talk.services.secrets, **given,
            )  # fmt: skip

    async def answers(self, text: str, *, key: str = "", **given: Any) -> bool:
        """Write by hand, a moment after what was heard."""
        self.talk.clock.move(seconds=1)
        found = given.pop("thread_id", None) or await self.only()
        actor = given.pop("actor", self.actor)
        answer = Answer(text, key or f"key {next(self.ids)}", **given)
        async with self.talk.db.write() as tx:
            return await writing.answer(
                tx, actor, found, answer, self.talk.clock.now(),
                secrets=self.talk.services.secrets,
            )  # fmt: skip

    async def adds(self, name: str, content: bytes, actor: Actor | None = None) -> UUID:
        """Upload a file."""
        async with self.talk.db.write() as tx:
            return await files.add(
                tx, actor or self.actor, name, content, self.talk.clock.now(),
                secrets=self.talk.services.secrets,
            )  # fmt: skip

    async def reads(self) -> int:
        """Have the only talk before one's eyes."""
        found = await self.only()
        async with self.talk.db.write() as tx:
            return await threads.mark_read(tx, self.actor, found, self.talk.clock.now())

    async def unread(self) -> int:
        """Return what the navigation shows."""
        async with self.talk.db.read() as tx:
            return await threads.count_unread(tx, self.actor)
