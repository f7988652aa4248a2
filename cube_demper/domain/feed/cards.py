"""Cards of goods read from a list: sought by the worker, or told by the seller."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.feed import queries, rules
from cube_demper.domain.feed.schemas import CardlessGoods, SoughtGoods
from cube_demper.domain.stores.errors import StoreNotFound

CARDS_TOPIC = "feed.cards"
CARDLESS_PAGE = 20


async def goods_without_card(tx: ReadTx, actor: Actor, store_id: UUID) -> tuple[CardlessGoods, ...]:
    """Return the first goods whose card nobody knows. Raises StoreNotFound."""
    if await queries.find_store(tx, actor, store_id) is None:
        raise StoreNotFound
    rows = await queries.list_without_card(tx, store_id, CARDLESS_PAGE)
    return tuple(CardlessGoods(row.id, row.kaspi_sku, row.name) for row in rows)


async def give_card(tx: WriteTx, actor: Actor, product_id: UUID, text: str, now: datetime) -> str:
    """Tell the card of a product by its number or the address of its page; return its number.

    Raises NotFound; InvalidInput for a text that names no card.
    """
    card = rules.card_of_text(text)
    if card is None:
        raise InvalidInput("Вставьте ссылку на товар на kaspi.kz или номер карточки.", field="card")
    if await queries.set_card(tx, actor.owner_id, product_id, card, now) is None:
        raise NotFound("Товар не найден или его карточка уже известна.")
    tx.emit(f"user:{actor.owner_id}", "product", product_id)
    return card


async def goods_to_seek(
    tx: ReadTx, actor: Actor, store_id: UUID, after: UUID, limit: int
) -> list[SoughtGoods]:
    """Return the next goods without a card, by id, of a store that sends by price list.

    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    return await queries.list_to_seek(tx, store_id, after, limit)


async def card_found(tx: WriteTx, actor: Actor, product_id: UUID, card: str, now: datetime) -> bool:
    """Write a card on which our offer was seen; False when the seller was quicker.

    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    return await queries.set_card(tx, None, product_id, card, now) is not None


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
