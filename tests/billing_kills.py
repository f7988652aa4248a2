"""kill -9 of the billing worker, again and again, while cards renew plans at the sandbox's terminal.

No webhook ever comes: what the dead worker did not write down, the next one has to find out.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from records import add_user
from sqlalchemy import select, text
from sqlmodel import col
from worker_process import Nursery

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.settings import Settings
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import cards, gateway_queries, ledger, payments, queries, refunds
from cube_demper.domain.billing.gateway import CardSeen
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.billing import Payment, PaymentMethod, Plan, Refund, Subscription
from cube_demper.models.ledger import Account
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.tiptoppay.terminal import Asked
from cube_demper.sandbox.tiptoppay.world import API_SECRET, PUBLIC_ID, Token

SPEED = 60
"""A charge that was lost is asked about after two minutes: two seconds here."""
_ANSWERS_AFTER = 15.0
_PATIENCE = 90.0
_PRICE, _BACK = 999_900, 100_000


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of it. `between`: deaths with money taken, or given back, and not written down."""

    kills: int
    between: int
    sellers: int
    renewed: int
    charged_twice: int
    lost: int
    refunded: int
    refunded_twice: int
    off_by: int
    """The ledger's gateway less the terminal's own books, in tiyn."""
    not_zero: int
    """The sum of the whole ledger, in tiyn."""


@dataclass(slots=True)
class _Scene:
    services: Services
    sandbox: Sandbox
    sellers: list[UUID]

    def moved(self) -> int:
        return len(self.sandbox.tiptoppay.transactions)


async def kill_again_and_again(
    nursery: Nursery, database_url: str, redis_url: str, *, kills: int, seed: int
) -> Tally:
    """Let `kills` workers die around a charge or a refund, and the next one live to the end."""
    chance = random.Random(seed)
    now = datetime.now(UTC)
    settings = Settings(
        DATABASE_URL=database_url, REDIS_URL=redis_url, CUBE_CLOCK=f"{now.isoformat()}@{SPEED}"
    )
    services = build_services(settings, name="kills")
    try:
        async with Sandbox.start(clock=services.clock) as sandbox:
            sandbox.tiptoppay.hooks.addresses.clear()
            scene = _Scene(services, sandbox, [])
            for _ in range(2 * kills):
                await _due_seller(scene, loses_answer=chance.random() < 0.2)
            environment = {
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "CUBE_CLOCK": str(settings.clock),
                "TIPTOPPAY_URL": sandbox.tiptoppay_url,
                "TIPTOPPAY_PUBLIC_ID": PUBLIC_ID,
                "TIPTOPPAY_API_SECRET": API_SECRET,
            }
            killed = between = 0
            while killed < kills and await _is_open(scene):
                await _run_and_kill(nursery, scene, environment, chance)
                killed += 1
                between += await _is_caught(scene)
            async with nursery.worker("billing", environment):
                await _until_over(scene)
            return await _count(scene, killed, between)
    finally:
        await services.close()


async def _due_seller(scene: _Scene, *, loses_answer: bool) -> None:
    """Add a seller whose first period was paid by a card, ends in hours, and is given back in part."""
    services, machine = scene.services, scene.sandbox.tiptoppay
    now = services.clock.now()
    async with services.db.write() as tx:
        user = await add_user(tx, plan=None, now=now)
        actor = Actor(Role.USER, user.id, user.email)
        payment = await payments.begin(
            tx, actor, Plan.BASIC, PaymentMethod.CARD, now, use_balance=False
        )
        token = f"tk_{user.id}"
        asked = Asked(_PRICE, "KZT", payment.invoice_id, str(user.id), user.email, "")
        first = machine.charge(Token(token, str(user.id), "4111111111111111"), asked)
        machine.tokens[token] = Token(
            token, str(user.id), "4111111111111111", "timeout" if loses_answer else "0"
        )
        money = Settlement(_PRICE, "KZT", str(first.id), PaymentMethod.CARD, now)
        await payments.paid(tx, SYSTEM, payment.invoice_id, money, now)
        card = await cards.keep(tx, services.secrets, user.id, CardSeen(token=token), now)
        assert card is not None
        await gateway_queries.set_renewing_card(tx, user.id, card.id, now)
        row = await queries.find_active(tx, user.id)
        assert row is not None
        row.current_period_end = now + timedelta(hours=5, minutes=50)
        row.grace_until = row.current_period_end + timedelta(days=3)
        if len(scene.sellers) % 3 == 0:
            await refunds.request(tx, SYSTEM, payment.invoice_id, now, amount=_BACK, reason="")
        scene.sellers.append(user.id)


async def _run_and_kill(
    nursery: Nursery, scene: _Scene, environment: dict[str, str], chance: random.Random
) -> None:
    for route in ("tip_charge", "tip_refund"):
        scene.sandbox.fault("slow", route, delay=_ANSWERS_AFTER)
    before = scene.moved()
    async with nursery.worker("billing", environment) as child:
        end = time.monotonic() + _PATIENCE
        while scene.moved() == before and await _is_open(scene):
            assert child.returncode is None
            assert time.monotonic() < end, "the worker moves no money"
            await asyncio.sleep(0.005)
        await asyncio.sleep(chance.uniform(0, 0.4))
        child.send_signal(signal.SIGKILL)
        await child.wait()
    scene.sandbox.faults.clear()


_OPEN = text(
    "SELECT (SELECT count(*) FROM subscriptions WHERE status = 'active' AND next_step_at <= :now)"
    " + (SELECT count(*) FROM payments WHERE status IN ('created', 'authorized'))"
    " + (SELECT count(*) FROM charge_attempts WHERE outcome IN ('sent', 'unknown'))"
    " + (SELECT count(*) FROM refunds WHERE status IN ('requested', 'sent'))"
)


async def _is_open(scene: _Scene) -> bool:
    async with scene.services.db.read() as tx:
        return bool(await tx.scalar(_OPEN, {"now": scene.services.clock.now()}))


async def _until_over(scene: _Scene) -> None:
    end = time.monotonic() + _PATIENCE
    while await _is_open(scene):
        assert time.monotonic() < end, "money does not come to an end"
        await asyncio.sleep(0.1)


async def _is_caught(scene: _Scene) -> bool:
    """Tell whether the terminal has moved money that is not in our books now."""
    async with scene.services.db.read() as tx:
        return {str(it) for it in scene.sandbox.tiptoppay.transactions} != await _booked(tx)


async def _booked(tx: ReadTx) -> set[str]:
    paid = await tx.scalars(select(col(Payment.gateway_transaction_id)))
    back = await tx.scalars(select(col(Refund.gateway_refund_id)))
    return {it for it in [*paid.all(), *back.all()] if it}


async def _count(scene: _Scene, killed: int, between: int) -> Tally:
    made = list(scene.sandbox.tiptoppay.transactions.values())
    charges = Counter(it.account_id for it in made if not it.is_refund)
    given = Counter(it.original for it in made if it.is_refund)
    there = sum(-it.amount if it.is_refund else it.amount for it in made)
    async with scene.services.db.read() as tx:
        totals = await ledger.totals(tx)
        lost = {str(it.id) for it in made} ^ await _booked(tx)
        rows = await tx.scalars(select(Subscription).where(col(Subscription.status) == "active"))
        far = scene.services.clock.now() + timedelta(days=29)
        renewed = [it for it in rows if it.current_period_end > far]
    return Tally(
        kills=killed,
        between=between,
        sellers=len(scene.sellers),
        renewed=len(renewed),
        charged_twice=sum(count != 2 for count in charges.values()),
        lost=len(lost),
        refunded=len(given),
        refunded_twice=sum(count > 1 for count in given.values()),
        off_by=totals.get(Account.GATEWAY, 0) - there,
        not_zero=sum(totals.values()),
    )
