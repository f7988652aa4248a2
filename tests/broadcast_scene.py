"""Buyers of the talk's store, and a broadcast to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from messaging_scene import NOON, Talk
from orders_made import seen, write
from records import seller
from sqlalchemy import select, update
from sqlmodel import col

from cube_demper.domain.messaging import contacts
from cube_demper.domain.messaging.broadcasts import audience_queries, drafts, running, viewing
from cube_demper.domain.messaging.broadcasts.schemas import (
    Audience,
    BroadcastView,
    DraftInput,
    Reach,
)
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.models.broadcasts import BroadcastPerson
from cube_demper.models.messages import QueueStatus
from cube_demper.models.messaging import WhatsAppContact

TEXT = "{customer_name}, спасибо за покупку! Напишите «стоп», и мы не побеспокоим."


def phone_of(number: int) -> str:
    return f"+7702000{number:04}"


async def add_buyers(talk: Talk, count: int, *, first: int = 1, **given: Any) -> None:
    """Let people buy: buyer N has the order `50000N` and the phone of N, the last one the newest."""
    orders = [
        seen(
            f"{500_000 + number}", "ARCHIVE", "COMPLETED",
            given.get("at", NOON - timedelta(days=30)) + timedelta(minutes=number),
            buyer=Buyer(f"Покупатель {number}", phone_of(number)),
            **{key: value for key, value in given.items() if key != "at"},
        )
        for number in range(first, first + count)
    ]  # fmt: skip
    await write(
        talk.db, talk.store, orders, talk.clock.now(),
        secrets=talk.services.secrets, started_at=talk.clock.now(), is_importing=True,
    )  # fmt: skip


async def know(talk: Talk, number: int, **columns: Any) -> UUID:
    """Make a buyer's contact with these columns."""
    secrets = talk.services.secrets
    async with talk.db.write() as tx:
        contact = await contacts.contact_of(
            tx, talk.user.id, phone_of(number), "Имя", secrets=secrets
        )
        if columns:
            await tx.execute(
                update(WhatsAppContact).where(col(WhatsAppContact.id) == contact).values(**columns)
            )
    return contact


async def reach(talk: Talk, **given: Any) -> Reach:
    async with talk.db.read() as tx:
        found, _ = await audience_queries.look(
            tx, talk.user.id, Audience(**given), talk.clock.now(), 1
        )
    return found


async def draft(talk: Talk, text: str = TEXT, **audience: Any) -> UUID:
    given = DraftInput("Осень", text, audience=Audience(**audience))
    async with talk.db.write() as tx:
        return await drafts.create(tx, seller(talk.user), given, talk.clock.now())


async def begin(talk: Talk, people: int, text: str = TEXT, **audience: Any) -> UUID:
    """Make a broadcast and start it."""
    broadcast = await draft(talk, text, **audience)
    await start(talk, broadcast, people)
    return broadcast


async def start(talk: Talk, broadcast: UUID, people: int) -> None:
    async with talk.db.write() as tx:
        await running.start(
            tx, seller(talk.user), broadcast, talk.clock.now(),
            people=people, has_agreed=True, secrets=talk.services.secrets,
        )  # fmt: skip


async def view(talk: Talk, broadcast: UUID) -> BroadcastView:
    async with talk.db.read() as tx:
        return await viewing.get(
            tx, seller(talk.user), broadcast, talk.clock.now(), secrets=talk.services.secrets
        )


async def people_of(talk: Talk, broadcast: UUID) -> list[BroadcastPerson]:
    async with talk.db.read() as tx:
        rows = await tx.scalars(
            select(BroadcastPerson)
            .where(col(BroadcastPerson.broadcast_id) == broadcast)
            .order_by(col(BroadcastPerson.position))
            .execution_options(populate_existing=True)
        )
        return list(rows.all())


async def send_all(talk: Talk, most: int = 200) -> None:
    """Let time pass until nothing leaves any more."""
    for _ in range(most):
        before = len(talk.whatsapp.sent)
        await talk.work(minutes=1)
        if len(talk.whatsapp.sent) == before and not [
            row for row in await talk.queue() if row.status == QueueStatus.WAITING
        ]:
            return


async def go_on(talk: Talk, broadcast: UUID) -> None:
    async with talk.db.write() as tx:
        now = talk.clock.now()
        await running.go_on(tx, seller(talk.user), broadcast, now, secrets=talk.services.secrets)


def phones(talk: Talk) -> list[str]:
    return [f"+{to.chat_id.removesuffix('@c.us')}" for to, _ in talk.whatsapp.sent]
