"""The items of orders as Kaspi lists them now, linked to the store's goods where they can be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

from cube_demper.core.ids import new_id
from cube_demper.db.session import WriteTx
from cube_demper.domain.orders import order_queries as queries
from cube_demper.domain.orders.seen_schemas import SeenItem, SeenOrder
from cube_demper.models.orders import Order, OrderItem

_KEPT: Final = (
    "sku",
    "card_id",
    "category_code",
    "category_name",
    "unit_type",
    "base_price",
    "delivery_cost",
    "weight",
)


@dataclass(slots=True)
class _Goods:
    """A store's goods by what Kaspi may name them with."""

    by_sku: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    by_card: dict[str, list[tuple[UUID, str]]] = field(default_factory=lambda: defaultdict(list))

    def find(self, item: SeenItem) -> tuple[UUID, str] | None:
        """Return id and name of the product: that of the SKU, else the only one on the card."""
        if item.sku in self.by_sku:
            return self.by_sku[item.sku]
        on_card = self.by_card.get(item.card_id or "", [])
        return on_card[0] if len(on_card) == 1 else None


async def take_items(
    tx: WriteTx, store_id: UUID, orders: Sequence[tuple[Order, SeenOrder]]
) -> None:
    """Write the items of the orders that list them; an entry that is gone is left with nothing in it."""
    listed = [(row, seen.items) for row, seen in orders if seen.items is not None]
    if not listed:
        return
    goods = await _goods(tx, store_id, [item for _, items in listed for item in items])
    written = await queries.items_of(tx, [row.id for row, _ in listed])
    for row, items in listed:
        left = dict(written.get(row.id, {}))
        for item in items:
            kept = left.pop(item.number, None)
            if kept is None:
                kept = OrderItem(
                    id=new_id(),
                    order_id=row.id,
                    entry_number=item.number,
                    name="",
                    quantity=item.quantity,
                    total_price=item.total_price,
                )
                tx.add(kept)
            _fill(kept, item, goods)
        for gone in left.values():
            gone.quantity, gone.total_price = Decimal(0), 0
    await tx.flush()


async def _goods(tx: WriteTx, store_id: UUID, items: Sequence[SeenItem]) -> _Goods:
    skus = {item.sku for item in items if item.sku}
    cards = {item.card_id for item in items if item.card_id}
    goods = _Goods()
    for id_, sku, card, name in await queries.goods_named(tx, store_id, skus, cards):
        goods.by_sku[sku] = (id_, name)
        if card:
            goods.by_card[card].append((id_, name))
    return goods


def _fill(row: OrderItem, item: SeenItem, goods: _Goods) -> None:
    product = goods.find(item)
    if product is not None:
        row.product_id = product[0]
    row.name = item.name or row.name or (product[1] if product else "") or _nameless(item)
    row.kaspi_entry_id = item.entry_id or row.kaspi_entry_id
    row.quantity, row.total_price = item.quantity, item.total_price
    row.is_imei_required = item.is_imei_required
    for name in _KEPT:
        if (value := getattr(item, name)) is not None:
            setattr(row, name, value)


def _nameless(item: SeenItem) -> str:
    return item.category_name or item.sku or item.card_id or "Товар без названия"
