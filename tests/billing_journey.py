"""A seller's shop, the sandbox's terminal and the days of a plan, for journeys of billing in a browser."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from records import add_products, add_store, add_user

from cube_demper.db.session import Database
from cube_demper.domain.billing import queries
from cube_demper.models.accounts import User
from cube_demper.sandbox.listeners import WebListener, bind
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.tiptoppay.server import tiptoppay_app
from cube_demper.sandbox.web import Backstage

DAY = timedelta(days=1)


async def shop(db: Database) -> User:
    async with db.write() as tx:
        user = await add_user(tx, plan=None, now=datetime.now(UTC))
        store = await add_store(tx, user, name="Тау Маркет")
        await add_products(tx, store, 3, base_price=1_100_000, competitor_price=950_000)
    return user


@contextlib.asynccontextmanager
async def terminal(app: str, port: int) -> AsyncIterator[None]:
    """Put the sandbox's TipTopPay where the app looks for it."""
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


async def end_in(db: Database, user: User, hours: int) -> UUID:
    """Bring the end of the plan near, or behind."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        row = await queries.find_active(tx, user.id)
        assert row is not None
        row.current_period_end = now + timedelta(hours=hours)
        row.current_period_start = row.current_period_end - 30 * DAY
        row.grace_until, row.next_step_at = row.current_period_end + 3 * DAY, now
        return row.id
