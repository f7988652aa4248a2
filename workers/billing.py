"""The billing worker: `python -m workers billing`. Renewals, landings, refunds, prices, the day's figures.

What is due is read from rows and done one subscription a transaction, so any number of these may run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import CubeError
from cube_demper.db.session import is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import papers, payments, prices, refunds, subscribing
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.statistics import collecting
from cube_demper.models.invoices import PaperKind
from workers.card_payments import CardPayments
from workers.runtime import Options, Process, Tick, run_worker

_BATCH = 100
_log = get_logger()
Send = Callable[[UUID], Awaitable[None]]


class Cards(Protocol):
    """Who charges saved cards and sends refunds. Each call may come again and moves money once."""

    async def charge(self, payment_id: UUID) -> None:
        """Charge an open payment, or find out what became of it."""

    async def send_refund(self, refund_id: UUID) -> None:
        """Send a refund that was asked for, or find out what became of it."""

    async def sweep(self) -> None:
        """Ask about what nobody answered, and take in what was told too early."""

    async def aclose(self) -> None:
        """Close the way to the gateway."""


def run(options: Options) -> int:
    """Run the billing worker."""
    return run_worker("billing", options, build)


async def build(process: Process) -> Billing:
    """Build the work; without a payment gateway cards are not charged and the rest goes on."""
    is_on = process.services.settings.tiptoppay.is_on
    return Billing(process, CardPayments(process.services) if is_on else None)


class Billing:
    """Does what is due, one subscription, payment or refund at a time."""

    def __init__(self, process: Process, cards: Cards | None = None) -> None:
        """`cards` None: there is no gateway."""
        self._process, self._services, self._cards = process, process.services, cards
        self.counts: Counter[str] = Counter()

    def ticks(self) -> dict[str, tuple[Tick, float]]:
        """Look at subscriptions; close what nobody paid; charge cards and send refunds."""
        return {
            "step": (self._step, 10.0),
            "expire": (self._expire, 60.0),
            "cards": (self._send, 10.0),
            "acts": (self._issue_acts, 600.0),
            "prices": (self._apply_prices, 10.0),
            "statistics": (self._collect, 300.0),
        }

    async def run_bounded(self) -> None:
        """Do what is due; again until nothing is, with `--until-idle`."""
        while True:
            done = await self._pass()
            if self._process.options.once or not done or self._process.stopping.is_set():
                return

    async def close(self) -> None:
        """Close the way to the gateway; nothing else is held between transactions."""
        if self._cards is not None:
            await self._cards.aclose()

    async def _pass(self) -> int:
        done = await self._step_all() + await self._expire_all()
        await self._send()
        await self._issue_acts()
        await self._apply_prices()
        await self._collect()
        return done

    async def _step(self) -> None:
        await self._step_all()
        self._process.pass_at = self._services.clock.now()
        self._process.pass_facts = dict(self.counts)

    async def _expire(self) -> None:
        await self._expire_all()

    async def _step_all(self) -> int:
        services = self._services
        async with services.db.read() as tx:
            found = await dunning.due_subscriptions(tx, SYSTEM, services.clock.now(), _BATCH)
        return await self._each("stepped", found, self._step_one)

    async def _step_one(self, subscription_id: UUID) -> None:
        services = self._services
        async with services.db.write() as tx:
            steps = await dunning.step(
                tx,
                SYSTEM,
                subscription_id,
                services.clock.now(),
                min_price_tenge=services.settings.kaspi.min_price_tenge,
            )
        self.counts["steps"] += steps

    async def _expire_all(self) -> int:
        async with self._services.db.write() as tx:
            closed = await payments.expire(tx, SYSTEM, self._services.clock.now(), _BATCH)
            await subscribing.fill_shortages(tx, SYSTEM, self._services.clock.now())
        self.counts["expired"] += closed
        return closed

    async def _issue_acts(self) -> None:
        """Number the acts of what has been paid and used up, as soon as both sides have requisites."""
        services, operator = self._services, self._operator()
        if not operator.is_complete:
            return
        async with services.db.read() as tx:
            found = await papers.due_acts(tx, SYSTEM, services.clock.now(), _BATCH)

        async def issue(payment_id: UUID) -> None:
            now = services.clock.now()
            async with services.db.write() as tx:
                await papers.issue(
                    tx, SYSTEM, payment_id, now, kind=PaperKind.ACT, operator=operator
                )

        await self._each("acts", found, issue)

    async def _apply_prices(self) -> None:
        """Put prices of plans in force whose day has come."""
        async with self._services.db.write() as tx:
            self.counts["prices"] += await prices.apply_due(tx, self._services.clock.now())

    async def _collect(self) -> None:
        """Write the day's figures for the operator's statistics."""
        async with self._services.db.write() as tx:
            await collecting.collect(tx, SYSTEM, self._services.clock.now())

    def _operator(self) -> papers.Side:
        return papers.Side(**self._services.settings.operator.model_dump())

    async def _send(self) -> None:
        if self._cards is None:
            return
        async with self._services.db.read() as tx:
            now = self._services.clock.now()
            charges = await dunning.open_charges(tx, SYSTEM, now, _BATCH)
            unsent = await refunds.unsent(tx, SYSTEM, now, _BATCH)
        await self._each("charged", charges, self._cards.charge)
        await self._each("refunds_sent", unsent, self._cards.send_refund)
        await self._cards.sweep()

    async def _each(self, what: str, ids: Sequence[UUID], do: Send) -> int:
        """Do one after another; what fails is logged and does not keep the others waiting."""
        done = 0
        for one in ids:
            if self._process.stopping.is_set():
                break
            try:
                await do(one)
            except Exception as error:
                if is_gone(error):
                    raise
                level = _log.warning if isinstance(error, CubeError) else _log.exception
                level("billing_step_failed", what=what, id=str(one), error=str(error))
                continue
            done += 1
        self.counts[what] += done
        return done
