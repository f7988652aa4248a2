"""A seller's shop and the days of a plan, for journeys of billing in a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from records import add_products, add_store, add_user

from cube_demper.db.session import Database
from cube_demper.domain.billing import queries
from cube_demper.models.accounts import User

DAY = timedelta(days=1)


async def shop(db: Database) -> User:
    async with db.write() as tx:
        user = await add_user(tx, plan=None, now=datetime.now(UTC))
        store = await add_store(tx, user, name="Тау Маркет")
        await add_products(tx, store, 3, base_price=1_100_000, competitor_price=950_000)
    return user


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
