"""The sandbox's terminal and our client of it, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cube_demper.core.clock import FixedClock
from cube_demper.core.settings import Settings, TipTopPaySettings
from cube_demper.domain.billing.gateway import NewCharge, NewOrder
from cube_demper.integrations.tiptoppay.client import TipTopPay
from cube_demper.integrations.tiptoppay.gateway import TipTopPayGateway
from cube_demper.sandbox.listeners import WebListener, bind
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.tiptoppay.server import tiptoppay_app
from cube_demper.sandbox.tiptoppay.terminal import Terminal
from cube_demper.sandbox.tiptoppay.world import API_SECRET, PUBLIC_ID
from cube_demper.sandbox.web import Backstage

START = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
ORDER = NewOrder(
    invoice_id="inv-1",
    account_id="user-1",
    amount=999_900,
    description="Тариф BASIC, 30 дней",
    email="seller@example.kz",
    request_id="r-1",
    success_url="http://localhost:3000/plan?paid=1",
    fail_url="http://localhost:3000/plan",
)
CHARGE = NewCharge(
    request_id="c-1",
    invoice_id="inv-2",
    account_id="user-1",
    amount=999_900,
    token="tk_ok",
    description="Продление BASIC",
    email="seller@example.kz",
)


@dataclass
class Till:
    """The sandbox's terminal and our client of it."""

    sandbox: Sandbox
    clock: FixedClock
    client: TipTopPay

    @property
    def terminal(self) -> Terminal:
        return self.sandbox.tiptoppay

    def settings(self, **changes: str) -> Settings:
        given = {
            "TIPTOPPAY_URL": self.sandbox.tiptoppay_url,
            "TIPTOPPAY_PUBLIC_ID": PUBLIC_ID,
            "TIPTOPPAY_API_SECRET": API_SECRET,
        }
        return Settings(tiptoppay=TipTopPaySettings(**(given | changes)))

    def build(self, **changes: str) -> TipTopPay:
        return TipTopPay(TipTopPayGateway(self.settings(**changes).tiptoppay, self.clock))

    def charge(self, token: str, number: int = 2) -> NewCharge:
        return replace(CHARGE, token=token, invoice_id=f"inv-{number}", request_id=f"c-{number}")


@asynccontextmanager
async def open_till() -> AsyncIterator[Till]:
    clock = FixedClock(START)
    async with Sandbox.start(seed=1, clock=clock) as sandbox:
        till = Till(sandbox, clock, None)  # type: ignore[arg-type]
        till.client = till.build()
        yield till
        await till.client.aclose()


@asynccontextmanager
async def terminal_at(app: str, port: int) -> AsyncIterator[None]:
    """Put the sandbox's TipTopPay, with its payment page, where a served app looks for it."""
    async with Sandbox.start(seed=1) as sandbox:
        sandbox.tiptoppay.hooks.listen_at(app)
        backstage = Backstage(
            sandbox.clock,
            sandbox.journal,
            sandbox.faults,
            sandbox.market,
            sandbox.limits,
            sandbox.sessions,
        )
        listener = WebListener(tiptoppay_app(backstage, sandbox.tiptoppay), bind(port))
        await listener.start()
        yield
        await listener.stop()
