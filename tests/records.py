"""Plain makers of rows for tests: every column a test does not care about has a sensible value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import col

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan, PlanTerms, Subscription
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.rivalry import StoreRival
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore

NOON = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
"""12:00 in Almaty."""

GUID = {"v": 1, "cookies": "x", "password": None, "email": "a@example.kz", "merchant_uid": "1"}
_numbers = numbers(1)


def seller(user: User) -> Actor:
    """Return the actor that this user is."""
    return Actor(Role.USER, user.id, user.email)


async def add_user(
    tx: WriteTx, *, plan: Plan | None = Plan.PRO, now: datetime = NOON, **columns: Any
) -> User:
    number = next(_numbers)
    given = {"email": f"user{number}@example.kz", "password_hash": "-"} | columns
    user = User(referral_code=uuid4().hex[:8], email_confirmed_at=now, **given)
    tx.add(user)
    await tx.flush()
    if plan is not None:
        tx.add(
            Subscription(
                user_id=user.id,
                plan=plan,
                current_period_start=now - timedelta(days=1),
                current_period_end=now + timedelta(days=29),
                next_step_at=now,
            )
        )
        await tx.flush()
    return user


async def limit_bots(tx: WriteTx, limit: int, plan: Plan = Plan.PRO) -> None:
    """Let a plan allow so many goods with the bot on, until the test ends."""
    await tx.execute(update(PlanTerms).where(col(PlanTerms.code) == plan).values(bot_limit=limit))


async def add_store(
    tx: WriteTx, user: User, *, bot: dict[str, Any] | bool = True, **columns: Any
) -> KaspiStore:
    """`bot`: columns of the settings; False for a store whose settings were never saved."""
    number = next(_numbers)
    given = {"merchant_id": str(30_000_000 + number), "name": f"Магазин {number}", "guid": GUID}
    store = KaspiStore(user_id=user.id, **(given | columns))
    tx.add(store)
    await tx.flush()
    if bot is not False:
        round_the_clock = {"work_hours_start": None, "work_hours_end": None}
        settings = {"mode": BotMode.AUTO} | round_the_clock
        settings |= bot if isinstance(bot, dict) else {}
        tx.add(DempingSettings(store_id=store.id, **settings))
        await tx.flush()
    return store


async def add_product(tx: WriteTx, store: KaspiStore, **columns: Any) -> Product:
    (product,) = await add_products(tx, store, 1, **columns)
    return product


async def add_products(tx: WriteTx, store: KaspiStore, count: int, **columns: Any) -> list[Product]:
    """Add many at once: a statement for each would cost more than the test."""
    products = [_product(store, **columns) for _ in range(count)]
    tx.add_all(products)
    await tx.flush()
    return products


def _product(store: KaspiStore, **columns: Any) -> Product:
    number = next(_numbers)
    given = {
        "kaspi_product_id": str(number),
        "kaspi_sku": f"SKU-{number}",
        "external_kaspi_id": str(100_000_000 + number),
        "name": f"Товар {number}",
        "price": 1_000_000,
        "min_price": 900_000,
        "bot_active": True,
        "bot_enabled_at": NOON - timedelta(hours=1),
        "next_check_at": NOON - timedelta(seconds=1),
    }
    return Product(store_id=store.id, **(given | columns))


async def add_decision(
    tx: WriteTx, product: Product, status: PriceStatus, **columns: Any
) -> PriceHistory:
    given = {
        "city_id": "750000000",
        "old_price": 1_000_000,
        "new_price": 990_000,
        "change_reason": "undercut",
        "created_at": NOON - timedelta(minutes=5),
    }
    row = PriceHistory(
        product_id=product.id, store_id=product.store_id, status=status, **(given | columns)
    )
    tx.add(row)
    await tx.flush()
    return row


async def add_rival(
    tx: WriteTx, store_id: UUID, merchant_id: str, name: str, *, goods: int = 1
) -> StoreRival:
    row = StoreRival(
        store_id=store_id,
        merchant_id=merchant_id,
        name=name,
        goods=goods,
        chances=0,
        answers=0,
        moves=0,
        behaviour="unclear",
        counted_at=NOON,
    )
    tx.add(row)
    await tx.flush()
    return row
