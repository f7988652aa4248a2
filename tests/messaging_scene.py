"""A seller whose store writes to its buyers, a WhatsApp in memory, and the worker that sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from orders_made import seen, write
from records import add_store, add_user
from sqlalchemy import select, update
from sqlmodel import col

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.clock import FixedClock
from cube_demper.core.settings import Settings, WahaSettings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging import scheduling
from cube_demper.domain.messaging.ports import (
    Accepted,
    Attachment,
    NewChatQuota,
    NumberCheck,
    OnWhatsApp,
    Place,
    SendOutcome,
    To,
)
from cube_demper.domain.orders.statuses import Facts
from cube_demper.integrations.waha.gateway import WahaGateway
from cube_demper.integrations.waha.sender import WahaSender
from cube_demper.models.accounts import User
from cube_demper.models.messages import ScheduledMessage, WhatsAppMessage
from cube_demper.models.messaging import WhatsAppSession, WhatsAppSettings, WhatsAppStore
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.host import KEY
from cube_demper.sandbox.waha.world import Phone, Session
from workers.messaging import Messaging
from workers.runtime import Options, Process

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
"""12:00 in Almaty."""
ALL_KEYS = list(range(1024))
PHONE = "+77010000001"


@dataclass
class FakeWhatsApp:
    """What arrived, in order. `outcomes` are the next answers; then everything is accepted."""

    sent: list[tuple[To, str]] = field(default_factory=list)
    outcomes: list[SendOutcome] = field(default_factory=list)
    checks: list[NumberCheck] = field(default_factory=list)
    quota: NewChatQuota | None = None
    asked: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    is_found: bool | None = None
    enclosed: list[Attachment | Place] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    async def send_text(self, to: To, text: str) -> SendOutcome:
        self.sent.append((to, text))
        return self.outcomes.pop(0) if self.outcomes else Accepted(to.message_id)

    async def send_image(self, to: To, image: Attachment, caption: str = "") -> SendOutcome:
        return await self._enclosed(to, image, caption)

    async def send_file(self, to: To, file: Attachment, caption: str = "") -> SendOutcome:
        return await self._enclosed(to, file, caption)

    async def send_location(self, to: To, place: Place) -> SendOutcome:
        return await self._enclosed(to, place, place.title)

    async def _enclosed(self, to: To, what: Attachment | Place, words: str) -> SendOutcome:
        self.enclosed.append(what)
        return await self.send_text(to, words)

    async def start_typing(self, session: str, chat_id: str) -> bool:
        self.typed.append(chat_id)
        return True

    async def stop_typing(self, session: str, chat_id: str) -> bool:
        return True

    async def mark_seen(self, session: str, chat_id: str, message_ids: Sequence[str] = ()) -> bool:
        self.seen.append(chat_id)
        return True

    async def check_number(self, session: str, phone: str) -> NumberCheck:
        self.asked.append(phone)
        return self.checks.pop(0) if self.checks else OnWhatsApp(f"{phone}@c.us")

    async def find_message(self, to: To) -> bool | None:
        return self.is_found

    async def new_chat_quota(self, session: str) -> NewChatQuota | None:
        return self.quota


@dataclass
class Talk:
    """Everything a test of the gate touches."""

    db: Database
    services: Services
    clock: FixedClock
    whatsapp: FakeWhatsApp
    user: User
    store: KaspiStore
    session_id: UUID

    async def order(self, code: str = "790686780", **given: Any) -> Order:
        """Let a buyer's new paid order be seen and told of."""
        await self.see(code, "NEW", "APPROVED_BY_BANK", **given)
        return await self.read(code)

    async def see(self, code: str, state: str, status: str, **given: Any) -> None:
        """Let Kaspi show an order, and handle what the outbox says of it."""
        now = self.clock.now()
        made = given.pop("at", now)
        facts = given.pop("facts", Facts())
        order = seen(code, state, status, made, facts=facts, **given)
        secrets = self.services.secrets
        await write(self.db, self.store, [order], now, secrets=secrets)
        await self.follow()

    async def follow(self) -> int:
        """Handle every message about orders once more, those that were handled too."""
        added = 0
        async with self.db.write() as tx:
            rows = await tx.scalars(
                select(OutboxMessage).where(col(OutboxMessage.topic) == "orders.moved")
            )
            for row in rows.all():
                added += await scheduling.follow_order(
                    tx, SYSTEM, row.payload, self.clock.now(), secrets=self.services.secrets
                )
        return added

    async def read(self, code: str) -> Order:
        async with self.db.read() as tx:
            return (
                await tx.scalars(select(Order).where(col(Order.kaspi_order_code) == code))
            ).one()

    async def queue(self) -> list[ScheduledMessage]:
        async with self.db.read() as tx:
            rows = await tx.scalars(
                select(ScheduledMessage)
                .order_by(col(ScheduledMessage.created_at), col(ScheduledMessage.priority))
                .execution_options(populate_existing=True)
            )
            return list(rows.all())

    async def messages(self) -> list[WhatsAppMessage]:
        async with self.db.read() as tx:
            return list((await tx.scalars(select(WhatsAppMessage))).all())

    async def session(self) -> WhatsAppSession:
        async with self.db.read() as tx:
            return await tx.get_one(WhatsAppSession, self.session_id, populate_existing=True)

    async def set_session(self, **values: Any) -> None:
        async with self.db.write() as tx:
            await tx.execute(
                update(WhatsAppSession)
                .where(col(WhatsAppSession.id) == self.session_id)
                .values(**values)
            )

    def worker(self) -> Messaging:
        """Return a messaging process of its own."""
        process = Process("messaging", self.services, Options(until_idle=True), self.clock.now())
        return Messaging(process, self.whatsapp, ALL_KEYS)

    async def work(self, **later: float) -> list[str]:
        """Let time pass, then send what is due; return the texts that left meanwhile."""
        if later:
            self.clock.move(**later)
        before = len(self.whatsapp.sent)
        await self.worker().run_bounded()
        return [text for _, text in self.whatsapp.sent[before:]]


async def add_number(db: Database, services: Services, user: User, **columns: Any) -> UUID:
    """Link a warmed-up number that works."""
    phone = columns.pop("own_phone", "+77010000099")
    given = {
        "name": f"cube_{user.id.hex[:8]}_{phone[-4:]}",
        "label": "Основной",
        "status": "WORKING",
        "phone": services.secrets.encrypt(phone),
        "phone_hash": services.secrets.fingerprint(phone),
        "linked_at": NOON - timedelta(days=1),
        "is_warm": True,
    }
    session = WhatsAppSession(user_id=user.id, **(given | columns))
    async with db.write() as tx:
        tx.add(session)
    return session.id


async def link_to_sandbox(talk: Talk, sandbox: Sandbox) -> Session:
    """Send over the sandbox's WAHA from now on; return the session, with what its phone has sent."""
    name, phone = (await talk.session()).name, "77010000099"
    sandbox.waha.phones[phone] = Phone(phone, "Магазин")
    session = Session(name, {}, status="WORKING", phone=phone)
    sandbox.waha.sessions[name] = session
    settings = WahaSettings(WAHA_URL=sandbox.waha_url, WAHA_PASSWORD=KEY, WAHA_HMAC_KEY="unused")
    talk.whatsapp = WahaSender(WahaGateway(settings))  # type: ignore[assignment] # the real one
    return session


@pytest.fixture
def noon() -> datetime:
    """When the scene begins."""
    return NOON


@pytest.fixture
async def talk(
    db: Database, database_url: str, redis_url: str, noon: datetime
) -> AsyncIterator[Talk]:
    """A seller who agreed, one store that writes, one number; it is noon in Almaty."""
    clock = FixedClock(noon)
    settings = Settings(DATABASE_URL=database_url, REDIS_URL=redis_url)
    async with AsyncExitStack() as stack:
        services = replace(build_services(settings, name="talk"), clock=clock)
        stack.push_async_callback(services.close)
        async with db.write() as tx:
            user = await add_user(tx, now=noon)
            store = await add_store(tx, user, name="Мой магазин")
            tx.add(WhatsAppSettings(user_id=user.id, consented_at=NOON, consent_version="1"))
        session_id = await add_number(db, services, user)
        async with db.write() as tx:
            tx.add(WhatsAppStore(store_id=store.id, session_id=session_id, is_enabled=True))
        yield Talk(db, services, clock, FakeWhatsApp(), user, store, session_id)
