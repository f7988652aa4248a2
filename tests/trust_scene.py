"""A seller a week into the product: places kept, a day's changes, suggestions, a recorded market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sin
from uuid import uuid4

from records import add_decision, add_product, add_store, add_user

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as market
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    Reason,
    RivalSeen,
    Strategy,
)
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import BotMode, KaspiStore
from cube_demper.models.trust import PlaceTally

ALMATY = "750000000"
POINTS = [{"id": "1_PP1", "name": "PP1", "cityId": ALMATY, "cityName": "Алматы", "enabled": True}]
NAMES = (
    "Пылесос беспроводной Orvex V12 Turbo",
    "Чайник электрический Lumika Glass 1,7 л",
    "Наушники Velaro Air 3",
    "Мультиварка Tefal CY505E30",
    "Фен Braun Satin Hair 3",
    "Робот-пылесос Dreame D9 Max",
    "Утюг Philips Azur 7000",
    "Блендер Bosch ErgoMixx",
    "Тостер Kitfort KT-2047",
    "Кофеварка DeLonghi EC685",
    "Весы кухонные Redmond RS-736",
    "Увлажнитель Deerma F628",
)


@dataclass(frozen=True)
class TrustScene:
    """Who sees what."""

    user: User
    store: KaspiStore
    goods: list[Product]


async def build_scene(
    db: Database, *, mode: BotMode = BotMode.SUGGEST, on: bool = True, steps_closed: bool = True
) -> TrustScene:
    """Make a store with twelve goods, in suggest mode unless told otherwise; `on`: with their bots on."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx, first_steps_closed_at=now if steps_closed else None)
        store = await add_store(
            tx, user, name="Тау Маркет", points=POINTS, synced_at=now, bot={"mode": mode}
        )
        goods = [
            await add_product(
                tx,
                store,
                name=name,
                price=(10 + number) * 100_000,
                min_price=(9 + number) * 100_000 if on else None,
                bot_active=on,
                bot_enabled_at=now if on else None,
                position=1 + number % 4 if on else None,
                last_check_time=now - timedelta(minutes=number) if on else None,
                last_reason="below_floor_hold" if number == 3 else "price_is_right",
                next_check_at=now + timedelta(hours=1),
            )
            for number, name in enumerate(NAMES)
        ]
    return TrustScene(user, store, goods)


async def add_suggestions(db: Database, scene: TrustScene, count: int) -> None:
    """Have the bot suggest prices for the first goods."""
    async with db.write() as tx:
        for product in scene.goods[:count]:
            await add_decision(
                tx,
                product,
                PriceStatus.SUGGESTED,
                old_price=product.price,
                new_price=(product.price or 0) - 50_000,
                decision=_undercut(product).to_json(),
                created_at=datetime.now(UTC) - timedelta(minutes=4),
            )


async def add_day(db: Database, scene: TrustScene, count: int = 5) -> None:
    """Have the bot's changes of the last hours seen on the window."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        for number, product in enumerate(scene.goods[-count:]):
            at = now - timedelta(minutes=20 + 35 * number)
            await add_decision(
                tx,
                product,
                PriceStatus.CONFIRMED,
                old_price=(product.price or 0) + 50_000,
                new_price=product.price,
                decision=_undercut(product).to_json(),
                send_id=uuid4(),
                created_at=at,
                sent_at=at,
                confirmed_at=at + timedelta(seconds=95),
            )


async def add_places(db: Database, scene: TrustScene, *, days: int = 7) -> None:
    """Keep the places of some days, with a hole of six hours."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    async with db.write() as tx:
        for half_hours in range(days * 48):
            if 90 <= half_hours < 102:
                continue
            wave = round(8 * sin(half_hours / 9))
            tx.add(
                PlaceTally(
                    store_id=scene.store.id,
                    at=now - timedelta(minutes=30 * half_hours),
                    bots=120,
                    first=76 + wave - half_hours // 40,
                    second_third=26 - wave,
                    lower=10 + half_hours // 40,
                    at_floor=4,
                )
            )


async def record_market(
    db: Database, scene: TrustScene, product: Product, *, days: int = 3, below: int = 10_000
) -> None:
    """Record a rival that moves around `below` tiyn under our price, every half hour."""
    now = datetime.now(UTC)
    price = product.price or 0
    for half_hours in range(days * 48):
        at = now - timedelta(days=days) + timedelta(minutes=30 * half_hours)
        rival = price - below + round(sin(half_hours / 7) * 8) * 5_000 + half_hours % 2 * 100
        offers = [
            Offer("R1", "Alser", rival, rating=4.8, reviews=210),
            Offer("R2", "Mechta", price + 40_000, rating=4.6, reviews=90),
            Offer(scene.store.merchant_id, "Тау Маркет", price, merchant_sku=product.kaspi_sku),
        ]
        card = product.external_kaspi_id or ""
        look = Market(card, ALMATY, tuple(sorted(offers, key=lambda it: it.price)), 3, at)
        async with db.write() as tx:
            await market.remember_markets(tx, SYSTEM, [look])


def _undercut(product: Product) -> Decision:
    price = product.price or 0
    return Decision(
        action=Action.CHANGE,
        reason=Reason.UNDERCUT,
        strategy=Strategy.STANDARD,
        step=100,
        target=price - 50_000,
        window_price=price,
        is_window_seen=True,
        place=3,
        target_place=1,
        offers_count=6,
        rivals_count=5,
        rival=RivalSeen("R1", "Alser", price - 49_900),
        floor=price - 100_000,
        cap=price,
        min_price=price - 100_000,
    )
