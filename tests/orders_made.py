"""Orders written as the worker writes them, from what Kaspi might have said; no sandbox needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.orders import taking
from cube_demper.domain.orders.seen_schemas import Buyer, SeenItem, SeenOrder
from cube_demper.domain.orders.statuses import Facts
from cube_demper.models.orders import OrderSource
from cube_demper.models.stores import KaspiStore


def seen(code: str, state: str, status: str, at: datetime, **given: Any) -> SeenOrder:
    """Return an order as an answer shows it; prices in tiyn."""
    names = given.pop("goods", ("Чайник Lumika Glass 1,7 л",))
    items = tuple(
        SeenItem(
            number=number,
            name=name,
            quantity=Decimal(1),
            base_price=1_299_000,
            total_price=1_299_000,
            sku=f"SKU{number}",
        )
        for number, name in enumerate(names)
    )
    values = {
        "total_price": sum(item.total_price for item in items),
        "items": items,
        "buyer": Buyer("Айгерим Тестова", "+77010000001"),
        "delivery_mode": "DELIVERY_LOCAL",
        "is_kaspi_delivery": state == "KASPI_DELIVERY",
        "city_name": "Алматы",
        "address": "Алматы, улица Примерная, 7",
        "payment_mode": "PREPAID",
    }
    return SeenOrder(code=code, state=state, status=status, ordered_at=at, **(values | given))


async def write(
    db: Database,
    store: KaspiStore,
    orders: list[SeenOrder],
    asked_at: datetime,
    *,
    secrets: SecretBox,
    started_at: datetime | None = None,
    is_importing: bool = False,
) -> taking.Taken:
    """Write an answer down; everything in it is news unless `started_at` says otherwise."""
    shelf = taking.Shelf(
        store.id,
        store.user_id,
        OrderSource.API,
        started_at or asked_at - timedelta(days=400),
        is_importing=is_importing,
    )
    async with db.write() as tx:
        return await taking.take(
            tx, SYSTEM, shelf, orders, asked_at=asked_at, secrets=secrets, now=asked_at
        )


def one_of_each_tab(now: datetime) -> list[SeenOrder]:
    """Return an order for each of Kaspi's tabs, the newest first."""
    kaspi, accepted = "KASPI_DELIVERY", "ACCEPTED_BY_MERCHANT"
    ago = timedelta(hours=1)
    sent = Facts(is_handed_over=True)
    return [
        seen("900000001", "NEW", "APPROVED_BY_BANK", now - ago, goods=("Плед", "Фен")),
        seen("900000002", "SIGN_REQUIRED", "APPROVED_BY_BANK", now - 2 * ago),
        seen("900000003", kaspi, accepted, now - 3 * ago, is_pre_order=True),
        seen("900000004", kaspi, accepted, now - 4 * ago),
        seen("900000005", kaspi, accepted, now - 5 * ago, is_assembled=True),
        seen("900000006", kaspi, "CANCELLING", now - 6 * ago, facts=sent),
        seen("900000007", "PICKUP", accepted, now - 7 * ago, delivery_mode="DELIVERY_PICKUP"),
        seen("900000008", "DELIVERY", accepted, now - 8 * ago, facts=Facts(is_own_delivery=True)),
        seen("900000009", "ARCHIVE", "COMPLETED", now - 30 * ago),
        seen("900000010", "ARCHIVE", "CANCELLED", now - 31 * ago),
        seen("900000011", kaspi, "ON_THE_MOON", now - 32 * ago),
    ]
