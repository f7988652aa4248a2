"""A store with goods whose AI salesman is on, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from messaging_scene import PHONE, Talk
from records import add_product, seller
from sqlalchemy import update
from sqlmodel import col, select

from cube_demper.core.settings import GeminiSettings
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.ai.asking import Asking
from cube_demper.domain.messaging.hearing import service as hearing
from cube_demper.domain.messaging.hearing.schemas import MessageHeard
from cube_demper.domain.salesman import answering, planning
from cube_demper.domain.salesman.settings import Form, save
from cube_demper.domain.salesman.writing import Writer
from cube_demper.integrations.gemini.client import Gemini
from cube_demper.models.messages import WhatsAppMessage
from cube_demper.models.messaging import TriggerEvent, WhatsAppRule
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.salesman import SalesmanMessage, SalesmanMode
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.gemini.server import API_KEY
from cube_demper.sandbox.server import Sandbox

TEXT = "Здравствуйте, {name}! Спасибо за заказ {order}.\nМожет пригодиться:\n{goods}"


def proposal(text: str = TEXT, *skus: str, **more: Any) -> str:
    """Return what the model says."""
    said = {"text": text, "language": "ru", "skus": [*skus], "discount_percent": 0}
    return orjson.dumps({**said, "wants_seller": False, **more}).decode()


@dataclass
class Shop:
    """The scene."""

    talk: Talk
    sandbox: Sandbox
    model: Gemini

    @property
    def actor(self) -> Actor:
        return seller(self.talk.user)

    @property
    def writer(self) -> Writer:
        it = self.talk
        asking = Asking(it.db, self.model, it.clock.now)
        return Writer(it.db, asking, it.services.secrets, it.clock.now)

    async def set(self, **changes: Any) -> None:
        """Set the salesman."""
        given = {"is_on": True, "mode": SalesmanMode.AUTO, "holdout_percent": 0}
        given |= {"discount_percent": 10, "delay_minutes": 10}
        async with self.talk.db.write() as tx:
            form = Form(**(given | changes))
            await save(tx, self.actor, self.talk.store.id, form, self.talk.clock.now())

    async def follow(self) -> None:
        """Handle what the outbox says of orders and answers that was not handled yet."""
        it = self.talk
        async with it.db.write() as tx:
            topics = ("orders.moved", hearing.ANSWERED_TOPIC)
            rows = await tx.scalars(
                select(OutboxMessage)
                .where(col(OutboxMessage.topic).in_(topics), col(OutboxMessage.done_at).is_(None))
                .order_by(col(OutboxMessage.created_at))
            )
            now, secrets = it.clock.now(), it.services.secrets
            for row in rows.all():
                if row.topic == "orders.moved":
                    await planning.follow_order(tx, SYSTEM, row.payload, now, secrets=secrets)
                else:
                    heard = UUID(row.payload["message_id"])
                    await answering.follow_answer(tx, SYSTEM, heard, now, secrets=secrets)
                row.done_at = now

    async def write(self) -> None:
        """Write what is due."""
        it = self.talk
        async with it.db.write() as tx:
            rows = await tx.scalars(
                select(OutboxMessage).where(
                    col(OutboxMessage.topic) == planning.TOPIC,
                    col(OutboxMessage.done_at).is_(None),
                    col(OutboxMessage.next_try_at) <= it.clock.now(),
                )
            )
            due = [UUID(row.payload["message_id"]) for row in rows.all()]
            await tx.execute(
                update(OutboxMessage)
                .where(col(OutboxMessage.topic) == planning.TOPIC)
                .where(col(OutboxMessage.next_try_at) <= it.clock.now())
                .values(done_at=it.clock.now())
            )
        for message_id in due:
            await self.writer.write(message_id)

    async def order(self, code: str = "790686780", **given: Any) -> None:
        await self.talk.see(code, "NEW", "APPROVED_BY_BANK", **given)
        await self.follow()

    async def said(self, code: str = "790686780", *answers: str, **given: Any) -> list[str]:
        """Let an order come, the model answer, and what is due leave; return what left."""
        self.sandbox.gemini.script += answers
        await self.order(code, **given)
        self.talk.clock.move(minutes=11)
        await self.write()
        return await self.talk.work(minutes=1)

    async def thoughts(self) -> list[SalesmanMessage]:
        async with self.talk.db.read() as tx:
            ordered = select(SalesmanMessage).order_by(col(SalesmanMessage.created_at))
            return list((await tx.scalars(ordered.execution_options(populate_existing=True))).all())

    async def body(self, message: SalesmanMessage) -> str:
        return self.talk.services.secrets.decrypt(message.body or "")

    async def hear(self, text: str) -> None:
        """Let the buyer write."""
        it = self.talk
        session = await it.session()
        async with it.db.write() as tx:
            count = len((await tx.scalars(select(WhatsAppMessage))).all())
            heard = MessageHeard(
                session=session.name,
                chat_id=f"{PHONE[1:]}@c.us",
                phone=PHONE[1:],
                short_id=f"IN{count}",
                text=text,
                is_ours=False,
                at=it.clock.now(),
            )
            secrets = it.services.secrets
            assert await hearing.take_message(tx, session, heard, secrets, it.clock.now())
        await self.follow()


async def open_shop(talk: Talk, sandbox: Sandbox) -> Shop:
    settings = GeminiSettings(GEMINI_BASE_URL=sandbox.gemini_url, GEMINI_API_KEY=API_KEY)
    shop = Shop(talk, sandbox, Gemini(settings, talk.clock))
    async with talk.db.write() as tx:
        store = await tx.get_one(KaspiStore, talk.store.id)
        # Only the salesman speaks here.
        event = TriggerEvent.ORDER_APPROVED
        tx.add(WhatsAppRule(store_id=store.id, trigger_event=event, is_on=False))
        there = [{"storeId": "PP1", "available": "yes", "stockCount": 5}]
        gone = [{"storeId": "PP1", "available": "no", "stockCount": 0}]
        for sku, name, price, floor, stock in (
            ("K1", "Чайник «Алма»", 1_299_000, 1_200_000, there),
            ("C1", "Кружка Dosko", 250_000, 249_000, there),
            ("G1", "Чашка, которой нет", 150_000, 100_000, gone),
        ):
            await add_product(
                tx,
                store,
                kaspi_sku=sku,
                name=name,
                price=price,
                min_price=floor,
                max_price=price,
                availabilities=stock,
            )
    await shop.set()
    return shop
