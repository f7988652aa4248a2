"""Putting a case together: the order, its buyer, what can be bought now, the store's terms, the talk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.messaging.gate_schemas import Language
from cube_demper.domain.salesman import queries, rules, talk_queries
from cube_demper.domain.salesman.queries import Desk
from cube_demper.domain.salesman.schemas import Case, Goods, Line, Terms
from cube_demper.models.catalog import Product
from cube_demper.models.salesman import SalesmanMessage, Trigger
from cube_demper.models.stores import KaspiStore

_SOLD_WITHIN: Final = timedelta(days=90)
_TURNS: Final = 10


async def case_of(
    tx: ReadTx,
    desk: Desk,
    message: SalesmanMessage,
    now: datetime,
    *,
    secrets: SecretBox,
    is_bonus_allowed: bool,
) -> Case:
    """Return all that a message may be made of, as it stands now."""
    order = await queries.get_order(tx, message.order_id) if message.order_id else None
    contact = await queries.get_contact(tx, message.contact_id)
    bought = await queries.bought_names(tx, order.id) if order else []
    own = [it for _, _, it in bought if it is not None]
    limit = 0 if message.trigger == Trigger.REVIEW_REQUEST else rules.GOODS_IN_CONTEXT
    goods = await queries.list_goods(
        tx, desk.store.id, own, now - _SOLD_WITHIN, limit=limit, offered=message.skus
    )
    before = 0
    if order is not None and order.customer_phone:
        phones = secrets.fingerprints(secrets.decrypt(order.customer_phone))
        before = await queries.orders_before(tx, order, phones)
    talk = []
    if message.trigger == Trigger.REPLY:
        said = await talk_queries.last_talk(tx, contact.id, _TURNS)
        talk = [Line(secrets.decrypt(it.body), it.is_outgoing) for it in said]
    return Case(
        trigger=Trigger(message.trigger),
        terms=terms_of(desk.store, is_bonus_allowed=is_bonus_allowed),
        customer_name=_first_name(secrets.decrypt(contact.name) if contact.name else ""),
        order_code=order.kaspi_order_code if order else "",
        bought=tuple(name for name, _, _ in bought),
        orders_before=before,
        goods=tuple(goods_of(it) for it in goods),
        language=Language(contact.language) if contact.language else None,
        talk=tuple(talk),
    )


def terms_of(store: KaspiStore, *, is_bonus_allowed: bool) -> Terms:
    """Return what a store's settings allow to say."""
    percent = store.ai_discount_percent or 0
    return Terms(
        store_name=store.name,
        tone=store.ai_tone or "",
        discount_percent=percent if rules.LEAST_DISCOUNT <= percent <= rules.MOST_DISCOUNT else 0,
        promo_code=store.ai_promo_code or "",
        review_bonus=(store.ai_review_bonus or "") if is_bonus_allowed else "",
    )


def goods_of(product: Product) -> Goods:
    """Return a product as it may be offered; its floor is the bot's, else its cost."""
    return Goods(
        sku=product.kaspi_sku,
        name=product.name,
        price=product.price or 0,
        floor=product.min_price or product.cost_price,
        category=product.category or "",
    )


def _first_name(name: str) -> str:
    """Return how a person is addressed: Kaspi gives «Имя Фамилия»."""
    return name.split(maxsplit=1)[0] if name.split() else ""
