"""Notifications of the guards: one a day for a product, one line for all goods of a store."""

from __future__ import annotations

from datetime import datetime

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.pricing import queries as pricing
from cube_demper.domain.pricing.phrases import fall_percent, moment
from cube_demper.domain.pricing.schemas import Decision, Reason, Rest
from cube_demper.domain.pricing.wars import queries
from cube_demper.domain.pricing.work import PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.pricing import PriceHistory


async def tell_war(
    tx: WriteTx, row: PriceHistory, rest: Rest, store: ReadyStore, now: datetime
) -> None:
    """Say that a war was called, unless it is this product's second one today."""
    day = _midnight(now)
    goods, own = await queries.count_since(tx, store.id, row.product_id, day)
    if own > 1:
        return
    (product,) = await pricing.list_products(tx, [row.product_id])
    decision = Decision.from_json(row.decision)
    rival = decision.rival.name if decision.rival else "Конкурент"
    tell = Tell(
        user_id=store.user_id,
        store_id=store.id,
        kind="price_war",
        title=f"Ценовая война: «{product.name}»",
        body=(
            f"Пять снижений вслед за «{rival}» за полчаса. Возвращаем {format_tenge(rest.price)} и"
            f" не отвечаем до {moment(rest.until)}."
        ),
        link=f"/products/{row.product_id}",
        dedupe_key=f"price_war:{store.id}:{day:%Y-%m-%d}",
    )
    if goods > 1:
        tell = _grouped(
            tell, store, f"Товаров в ценовой войне сегодня: {goods}", product.name, "war"
        )
    await notifications.retell(tx, SYSTEM, tell, now)


async def tell_held(
    tx: WriteTx, product: PricedProduct, decision: Decision, store: ReadyStore, now: datetime
) -> None:
    """Say that a suspiciously low price was not followed, unless the product was told of today."""
    day = _midnight(now)
    if await queries.count_decided(tx, product.id, Reason.SUSPICIOUS_FALL, day) > 1:
        return
    goods = await queries.count_held(tx, store.id, Reason.SUSPICIOUS_FALL)
    tell = Tell(
        user_id=store.user_id,
        store_id=store.id,
        kind="suspicious_price",
        title=f"Подозрительно низкая цена: «{product.name}»",
        body=(
            f"Цена упала бы с {format_tenge(decision.window_price)} до"
            f" {format_tenge(decision.target)}, на {fall_percent(decision)}."
            " Бот ждёт вашего решения."
        ),
        link=f"/products/{product.id}",
        dedupe_key=f"suspicious_price:{store.id}:{day:%Y-%m-%d}",
    )
    if goods > 1:
        title = f"Товаров с подозрительно низкой ценой конкурента: {goods}"
        tell = _grouped(tell, store, title, product.name, "held")
    await notifications.retell(tx, SYSTEM, tell, now)


def _grouped(tell: Tell, store: ReadyStore, title: str, newest: str, tab: str) -> Tell:
    """Say it of all goods of a store, which is named: a seller with two reads two such lines."""
    return Tell(
        user_id=tell.user_id,
        store_id=tell.store_id,
        kind=tell.kind,
        title=title,
        body=f"«{store.name}». Последний — «{newest}». {tell.body}",
        link=f"/products?tab={tab}&store={tell.store_id}",
        dedupe_key=tell.dedupe_key,
    )


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ALMATY).replace(hour=0, minute=0, second=0, microsecond=0)
