"""Raising the alerts about prices: cheap to ask every minute, and the same answer raises nothing twice.

One notification a day for a store and kind, whose number follows the goods: «5 товаров дошли до пола».
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.russian import counted, plural
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.pricing.alerts import queries
from cube_demper.domain.pricing.alerts.queries import Affected
from cube_demper.domain.pricing.alerts.rules import LOST_FOR, SHOWN_WITHIN

_LOOK_BACK = timedelta(hours=1)
"""What a worker that was away for less than this has missed is still found."""
_GOODS = ("товар", "товара", "товаров")
_OF_GOODS = ("товара", "товаров", "товаров")
_TABS = {"floor_hit": "&tab=at_floor", "first_lost": "&tab=lost&lost=long"}
Words = Callable[[Affected], tuple[str, str]]


async def raise_alerts(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Tell sellers what has come over their prices; return how many stores were concerned.

    Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    day = now.astimezone(ALMATY).replace(hour=0, minute=0, second=0, microsecond=0)
    found = [
        ("floor_hit", _floor_words, await queries.at_floor(tx, now - _LOOK_BACK, day)),
        (
            "first_lost",
            _first_words,
            # Those whose two hours ended today: who crossed yesterday was told of yesterday.
            await queries.first_place_lost(tx, day - LOST_FOR, now - LOST_FOR),
        ),
        (
            "price_late",
            _late_words,
            await queries.not_on_window(tx, now - _LOOK_BACK, now - SHOWN_WITHIN),
        ),
    ]
    for kind, words, stores in found:
        for store in stores:
            await notifications.notify_group(tx, actor, _tell(kind, words, store, day), now)
    return sum(len(stores) for _, _, stores in found)


def _tell(kind: str, words: Words, store: Affected, day: datetime) -> Tell:
    title, body = words(store)
    link = f"/products/{store.product_id}" if store.goods == 1 else _list_of(kind, store)
    return Tell(
        user_id=store.user_id,
        store_id=store.store_id,
        kind=kind,
        title=title,
        body=body,
        link=link,
        dedupe_key=f"{kind}:{store.store_id}:{day:%Y-%m-%d}",
    )


def _list_of(kind: str, store: Affected) -> str:
    return f"/products?store={store.store_id}{_TABS.get(kind, '')}"


def _floor_words(store: Affected) -> tuple[str, str]:
    body = (
        "Конкуренты дешевле, ниже вашей мин. цены бот не опускается. "
        "Проверьте, не пора ли её изменить."
    )
    if store.goods == 1:
        return f"«{store.name}» дошёл до мин. цены", body
    reached = plural(store.goods, "дошёл", "дошли", "дошли")
    title = f"{counted(store.goods, *_GOODS)} {reached} до мин. цены"
    return title, f"«{store.store_name}». {body}"


def _first_words(store: Affected) -> tuple[str, str]:
    hours = int(LOST_FOR / timedelta(hours=1))
    if store.goods == 1:
        return (
            f"«{store.name}» больше {hours} часов не первый",
            "Посмотрите, кто впереди и что мешает: мин. цена, пауза после войны или фильтр.",
        )
    stand = plural(store.goods, "потерял", "потеряли", "потеряли")
    return (
        f"{counted(store.goods, *_GOODS)} {stand} первое место",
        f"«{store.store_name}»: больше {hours} часов впереди другие продавцы.",
    )


def _late_words(store: Affected) -> tuple[str, str]:
    body = "Kaspi принял цену, но за 10 минут не показал её. Проверяем дальше и отправим ещё раз."
    if store.goods == 1:
        return f"Новой цены «{store.name}» ещё нет на витрине", body
    title = f"Новых цен {counted(store.goods, *_OF_GOODS)} ещё нет на витрине"
    return title, f"«{store.store_name}». {body}"
