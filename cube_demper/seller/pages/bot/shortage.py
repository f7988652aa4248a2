"""What is said where a store wants more changes than Kaspi takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.pricing.forecast import Forecast
from cube_demper.domain.stores.schemas import StoreStatus
from cube_demper.ui.format import counted, moment, number, plural

_CHANGES = ("изменение", "изменения", "изменений")


@dataclass
class Shortage:
    """The forecast of one store as text; all empty while there is room for everything."""

    title: str = ""
    text: str = ""
    missing: str = ""
    queue: str = ""
    goods_link: str = ""


def shortage_of(status: StoreStatus, found: Forecast | None, now: datetime) -> Shortage:
    """Put the forecast into words; a store that sends nothing now has other troubles to tell."""
    if found is None or not _sends(status, found, now):
        return Shortage()
    store = status.store
    until = moment(found.ends_at, now=now)
    waiting = counted(found.queued, *_CHANGES)
    return Shortage(
        title="Изменений больше, чем принимает Kaspi",
        text=forecast_words(found, now),
        missing=_missing(found),
        queue=f"{waiting} {plural(found.queued, 'ждёт', 'ждут', 'ждут')} очереди на отправку до {until}",
        goods_link=f"/products?tab=bot_on&store={store.id}",
    )


def forecast_words(found: Forecast, now: datetime) -> str:
    """Say what is needed, what Kaspi takes and until when the rest waits."""
    takes = f"Kaspi принимает {counted(found.limit, *_CHANGES)} за 30 минут"
    order = _order(found, moment(found.ends_at, now=now))
    if found.needed > found.limit:
        needed = number(_about(found.needed, found.limit))
        return f"{takes}. Сейчас нужно около {needed}: {order}"
    waiting = counted(found.queued, *_CHANGES)
    return f"{takes}, сейчас место занято. В очереди {waiting}: {order}"


def _order(found: Forecast, until: str) -> str:
    """Say what leaves first: stock and pre-orders before all prices."""
    if not found.stock:
        return f"самые выгодные уйдут первыми, остальные подождут до {until}."
    if found.stock == found.queued:
        return f"это остатки и предзаказы, они уйдут до {until}."
    first = f"остатки и предзаказы ({number(found.stock)})"
    return f"первыми уйдут {first}, за ними самые выгодные цены, остальные подождут до {until}."


def _sends(status: StoreStatus, found: Forecast, now: datetime) -> bool:
    """Tell whether anything leaves now; stock does while the bot rests, too."""
    store = status.store
    if store.sends_blocked_until is not None and store.sends_blocked_until > now:
        return False
    is_reachable = store.is_active and store.can_send and not store.needs_reauth
    return status.is_working or (is_reachable and found.stock == found.queued)


def _about(count: int, limit: int) -> int:
    """Round to tens, but never down to the limit that it exceeds."""
    rounded = round(count, -1)
    return rounded if rounded > limit else count


def _missing(found: Forecast) -> str:
    if not found.too_many:
        return ""
    more = counted(found.too_many, *_CHANGES)
    return f"За последний час не хватило места на {more}."
