"""The list of orders and one order in full. Buyers are masked for who may not see them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import NotFound
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import list_queries as queries
from cube_demper.domain.orders import people
from cube_demper.domain.orders.list_queries import Wanted
from cube_demper.domain.orders.list_schemas import (
    ItemView,
    OrderPage,
    OrderQuery,
    OrderView,
    StepView,
)
from cube_demper.models.orders import Order, OrderItem, OrderStatus, StatusStep
from cube_demper.models.staff import Area

PAGE_SIZE: Final = 50
SORTS: Final = tuple(queries.SORTS)


async def list_orders(
    tx: ReadTx, actor: Actor, asked: OrderQuery, *, secrets: SecretBox
) -> OrderPage:
    """Return one page of the actor's orders; a page past the end is the last one."""
    wanted = _wanted(actor, asked.search, secrets) if asked.search else None
    counts = await queries.count(tx, actor, asked, wanted)
    total = counts.get(asked.tab, 0) if asked.tab else sum(counts.values())
    page = min(max(asked.page, 1), max(1, -(-total // PAGE_SIZE)))
    rows = await queries.list_page(
        tx, actor, asked, wanted, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    items = await queries.items_of(tx, [row.id for row, _ in rows])
    return OrderPage(tuple(_views(actor, rows, items, secrets)), total, page, counts)


async def stream_orders(
    tx: ReadTx, actor: Actor, asked: OrderQuery, *, secrets: SecretBox
) -> AsyncIterator[list[OrderView]]:
    """Yield the actor's orders under a filter with their items, some hundreds at a time."""
    wanted = _wanted(actor, asked.search, secrets) if asked.search else None
    async for rows in queries.stream(tx, actor, asked, wanted):
        items = await queries.items_of(tx, [row.id for row, _ in rows])
        # Opening what is encrypted takes 0.1 ms an order: other tabs of this process must not wait for it.
        yield await asyncio.to_thread(_views, actor, rows, items, secrets)


async def ids(
    tx: ReadTx, actor: Actor, asked: OrderQuery, limit: int, *, secrets: SecretBox
) -> Sequence[UUID]:
    """Return the first `limit` of all orders that a list's filter finds."""
    wanted = _wanted(actor, asked.search, secrets) if asked.search else None
    return await queries.list_ids(tx, actor, asked, wanted, limit)


async def get_order(tx: ReadTx, actor: Actor, order_id: UUID, *, secrets: SecretBox) -> OrderView:
    """Return one order with its history. Raises NotFound, for somebody else's order too."""
    found = await queries.find(tx, actor, order_id)
    if found is None:
        raise NotFound("Такого заказа нет.")
    row, name = found
    items = await queries.items_of(tx, [row.id])
    steps = tuple(
        StepView(
            step=StatusStep(it.step),
            old_status=OrderStatus(it.old_status) if it.old_status else None,
            new_status=OrderStatus(it.new_status),
            kaspi_state=it.kaspi_state,
            kaspi_status=it.kaspi_status,
            changed_at=it.changed_at,
        )
        for it in await queries.history_of(tx, row.id)
    )
    return _view(actor, row, name, items.get(row.id, []), secrets=secrets, history=steps)


def _wanted(actor: Actor, search: str, secrets: SecretBox) -> Wanted:
    """Read a search: digits may be a code or a phone, letters are words of a name.

    Who sees buyers masked finds by the code alone: a search would tell whose an order is.
    """
    digits = "".join(search.split())
    if not actor.may(Area.ORDERS):
        return Wanted(code=digits if digits.isdigit() else "")
    phone, words = people.read_phone(search), people.name_words(search)
    names: list[list[bytes]] = []
    if words and not digits.isdigit():
        by_word = [secrets.fingerprints(word) for word in words]
        names = [list(of_key) for of_key in zip(*by_word, strict=True)]
    return Wanted(
        code=digits if digits.isdigit() else "",
        phones=secrets.fingerprints(phone) if phone else (),
        names=names,
    )


def _views(
    actor: Actor,
    rows: Sequence[tuple[Order, str]],
    items: Mapping[UUID, Sequence[OrderItem]],
    secrets: SecretBox,
) -> list[OrderView]:
    return [_view(actor, row, name, items.get(row.id, []), secrets=secrets) for row, name in rows]


def _view(
    actor: Actor,
    row: Order,
    store_name: str,
    items: Sequence[OrderItem],
    *,
    secrets: SecretBox,
    history: Sequence[StepView] = (),
) -> OrderView:
    name, phone, address = (
        secrets.decrypt(sealed) if sealed else None
        for sealed in (row.customer_name, row.customer_phone, row.delivery_address)
    )
    is_open = actor.may(Area.ORDERS)
    return OrderView(
        row=row,
        store_name=store_name,
        items=tuple(_item(item) for item in items),
        buyer=(name or "") if is_open else people.masked_name(name),
        phone=people.shown_phone(phone) if is_open else people.masked_phone(phone),
        address=(address or "") if is_open else (row.city_name or ""),
        history=history,
    )


def _item(item: OrderItem) -> ItemView:
    return ItemView(
        name=item.name,
        quantity=item.quantity,
        base_price=item.base_price,
        total_price=item.total_price,
        sku=item.sku,
        product_id=item.product_id,
        number=item.entry_number,
    )
