"""Filters of the list: by delivery, status and time; the counts of tabs and the file follow them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from orders_made import one_of_each_tab, seen, write
from records import NOON, add_store, add_user, seller

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import listing
from cube_demper.domain.orders.addresses import first_moment
from cube_demper.domain.orders.list_schemas import DeliveryKind, OrderPage, OrderQuery
from cube_demper.domain.orders.seen_schemas import SeenOrder
from cube_demper.models.orders import OrderStatus

BOX = SecretBox(["key"])


async def _shop(db: Database, orders: list[SeenOrder]) -> Actor:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
    await write(db, store, orders, NOON, secrets=BOX)
    return seller(user)


async def _list(db: Database, actor: Actor, **asked: Any) -> OrderPage:
    async with db.read() as tx:
        return await listing.list_orders(tx, actor, OrderQuery(**asked), secrets=BOX)


def _codes(page: OrderPage) -> list[str]:
    return [view.row.kaspi_order_code for view in page.rows]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (DeliveryKind.CITY, ["900000001"]),
        (DeliveryKind.OWN, ["900000002", "900000003"]),
        (DeliveryKind.POSTOMAT, ["900000004"]),
        (DeliveryKind.PICKUP, ["900000005"]),
        (DeliveryKind.REGIONAL, ["900000006", "900000007"]),
        (DeliveryKind.EXPRESS, ["900000001", "900000004"]),
    ],
)
async def test_every_order_is_under_its_kind_of_delivery(
    db: Database, kind: DeliveryKind, found: list[str]
) -> None:
    modes: list[tuple[str | None, bool | None]] = [
        ("DELIVERY_LOCAL", True),
        ("DELIVERY_LOCAL", False),
        ("DELIVERY_LOCAL", None),
        ("DELIVERY_PICKUP", True),
        ("DELIVERY_PICKUP", None),
        ("DELIVERY_REGIONAL_TODOOR", True),
        ("DELIVERY_REGIONAL_PICKUP", True),
        (None, None),
    ]
    orders = [
        seen(
            f"90000000{number}",
            "KASPI_DELIVERY",
            "ACCEPTED_BY_MERCHANT",
            NOON - timedelta(hours=number),
            delivery_mode=mode,
            is_kaspi_delivery=is_kaspis,
            is_express=number in (1, 4),
        )
        for number, (mode, is_kaspis) in enumerate(modes, 1)
    ]
    actor = await _shop(db, orders)
    assert _codes(await _list(db, actor, delivery=kind)) == found


async def test_the_counts_of_tabs_follow_status_and_time(db: Database) -> None:
    actor = await _shop(db, one_of_each_tab(NOON))
    cancelled = await _list(db, actor, status=OrderStatus.CANCELLED)
    assert (_codes(cancelled), cancelled.counts) == (["900000010"], {"archive": 1})
    today = await _list(db, actor, since=first_moment(1, NOON))
    assert _codes(today) == [f"90000000{number}" for number in range(1, 9)]
    both = await _list(db, actor, since=first_moment(1, NOON), status=OrderStatus.CANCELLED)
    assert (both.total, both.counts) == (0, {})


async def test_an_order_of_midnight_belongs_to_the_new_day(db: Database) -> None:
    midnight = first_moment(1, NOON)
    just_before = midnight - timedelta(microseconds=1000)
    actor = await _shop(
        db,
        [
            seen("900000001", "NEW", "APPROVED_BY_BANK", midnight),
            seen("900000002", "NEW", "APPROVED_BY_BANK", just_before),
        ],
    )
    assert _codes(await _list(db, actor, since=midnight)) == ["900000001"]
