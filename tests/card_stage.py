"""Paying by card from end to end: the real API app on a port, the sandbox's TipTopPay, a seller."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import httpx
from accounts_scene import Scene
from redis.asyncio import Redis
from sqlalchemy import select, text
from sqlmodel import col
from tiptoppay_stage import Till as Terminal
from web_stage import pages, web_services

from cube_demper import bootstrap
from cube_demper.api.app import in_front_of
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import cards, links, payments
from cube_demper.domain.billing.cards import SavedCard
from cube_demper.domain.billing.till import Till
from cube_demper.models.billing import Payment, PaymentMethod, Plan, Refund, Subscription
from cube_demper.models.gateway import ChargeAttempt, GatewayEventRow
from cube_demper.models.operations import Notification, OutboxMessage
from cube_demper.sandbox.listeners import WebListener, bind
from cube_demper.sandbox.tiptoppay.terminal import Terminal as Machine
from cube_demper.sandbox.tiptoppay.webhooks import Delivery

CARD, POOR_CARD = "4111111111111111", "4000056655665556"
PAYS_ONCE, ASKS_LATER, LOSES_ANSWER = "4000000000000341", "4000002500003155", "4000000000000119"


@dataclass
class CardStage:
    """Everything that takes part."""

    scene: Scene
    terminal: Terminal
    services: bootstrap.Services
    till: Till
    seller: Actor
    http: httpx.AsyncClient
    hook_base: str

    @property
    def machine(self) -> Machine:
        return self.terminal.terminal

    def now(self) -> datetime:
        return self.scene.clock.now()

    async def begin(
        self, plan: Plan = Plan.BASIC, *, actor: Actor | None = None, card_id: UUID | None = None
    ) -> Payment:
        async with self.services.db.write() as tx:
            return await payments.begin(
                tx, actor or self.seller, plan, PaymentMethod.CARD, self.now(),
                use_balance=False, card_id=card_id,
            )  # fmt: skip

    async def pay(self, card: str = CARD, payment: Payment | None = None) -> httpx.Response:
        """Pay a payment's link on the sandbox's page, and let webhooks arrive."""
        payment = payment or await self.begin()
        url = await links.open_link(self.till, self.seller, payment.id)
        answer = await self.http.post(url, data={"card": card})
        await self.machine.hooks.settled()
        return answer

    async def renewal(self, card: str = CARD) -> Payment:
        """Pay for a plan with a card, then open the payment that renews it with the saved card."""
        await self.pay(card)
        (saved,) = await self.cards()
        self.scene.clock.move(days=14 + 30 - 8)  # the trial, the plan; the next may be paid now
        return await self.begin(card_id=saved.id)

    async def cards(self) -> list[SavedCard]:
        async with self.services.db.read() as tx:
            return await cards.list_cards(tx, self.seller)

    async def payment(self, payment: Payment) -> Payment:
        async with self.services.db.read() as tx:
            return await tx.get_one(Payment, payment.id)

    async def payments(self) -> list[Payment]:
        async with self.services.db.read() as tx:
            return list((await tx.scalars(select(Payment).order_by(col(Payment.created_at)))).all())

    async def subscriptions(self) -> list[Subscription]:
        async with self.services.db.read() as tx:
            query = select(Subscription).where(
                col(Subscription.status) == "active",
                col(Subscription.user_id) == self.seller.user_id,
            )
            return list((await tx.scalars(query)).all())

    async def attempts(self) -> list[ChargeAttempt]:
        async with self.services.db.read() as tx:
            query = select(ChargeAttempt).order_by(col(ChargeAttempt.started_at))
            return list((await tx.scalars(query)).all())

    async def refunds(self) -> list[Refund]:
        async with self.services.db.read() as tx:
            return list((await tx.scalars(select(Refund).order_by(col(Refund.created_at)))).all())

    async def events(self) -> list[tuple[str, str, str]]:
        async with self.services.db.read() as tx:
            rows = await tx.scalars(
                select(GatewayEventRow).order_by(
                    col(GatewayEventRow.received_at), col(GatewayEventRow.created_at)
                )
            )
            return [(it.kind, it.standing, it.reason) for it in rows]

    async def notices(self) -> list[Notification]:
        async with self.services.db.read() as tx:
            return list((await tx.scalars(select(Notification))).all())

    async def topics(self) -> list[str]:
        async with self.services.db.read() as tx:
            rows = await tx.scalars(
                select(OutboxMessage.topic)
                .where(col(OutboxMessage.topic).like("billing.%"))
                .order_by(col(OutboxMessage.created_at))
            )
            return list(rows.all())

    async def gateway_balance(self) -> int:
        """Return what the ledger says the gateway holds, after checking that all sums to zero."""
        async with self.services.db.read() as tx:
            total = await tx.scalar(text("SELECT coalesce(sum(amount), 0) FROM ledger_entries"))
            held = await tx.scalar(
                text(
                    "SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE account = 'gateway'"
                )
            )
        assert total == 0
        return int(held or 0)

    async def tell(self, event: str, **fields: str) -> httpx.Response:
        """Post a signed webhook of any content."""
        from cube_demper.sandbox.tiptoppay.payloads import encode  # noqa: PLC0415 - rarely wanted

        delivery = Delivery(event, f"{self.hook_base}/{event.lower()}", encode(fields))
        return await self.http.post(delivery.url, content=delivery.body, headers=delivery.headers())


@asynccontextmanager
async def card_stage(
    scene: Scene, redis: Redis, terminal: Terminal, patch: object
) -> AsyncIterator[CardStage]:
    """Set the stage; `patch` is pytest's monkeypatch."""
    services = web_services(scene, redis, tiptoppay=terminal.settings().tiptoppay)
    patch.setattr(bootstrap, "web", lambda: services)  # type: ignore[attr-defined]
    listener = WebListener(in_front_of(CubeApp.SELLER)(pages()), bind(0))
    await listener.start()
    base = f"http://127.0.0.1:{listener.port}"
    terminal.terminal.hooks.listen_at(base)
    terminal.terminal.hooks.attempts = 3
    seller = Actor(Role.USER, await scene.add("seller@example.kz"), "seller@example.kz")
    async with (
        bootstrap.open_till(services) as till,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        hook_base = f"{base}/webhooks/tiptoppay"
        yield CardStage(scene, terminal, services, till, seller, http, hook_base)
    await listener.stop()
