"""What is said where a store wants more changes than Kaspi takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.pricing.forecast import Forecast
from cube_demper.domain.stores.schemas import StoreStatus
from cube_demper.ui.format import counted, moment, number, plural

_CHANGES = ("изменение", "изменения", "изменений")
_GOODS = ("товар", "товара", "товаров")


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
    store = status.store
    is_blocked = store.sends_blocked_until is not None and store.sends_blocked_until > now
    if found is None or is_blocked or not status.is_working:
        return Shortage()
    until = moment(found.ends_at, now=now)
    waiting = counted(found.queued, *_GOODS)
    return Shortage(
        title="Изменений больше, чем принимает Kaspi",
        text=forecast_words(found, now),
        missing=_missing(found),
        queue=f"{waiting} {plural(found.queued, 'ждёт', 'ждут', 'ждут')} очереди на отправку до {until}",
        goods_link=f"/products?tab=bot_on&store={store.id}",
    )


def forecast_words(found: Forecast, now: datetime) -> str:
    """Say what is needed, what Kaspi takes and until when the rest waits."""
    limit = counted(found.limit, *_CHANGES)
    rest = f"самые выгодные уйдут первыми, остальные подождут до {moment(found.ends_at, now=now)}."
    if found.needed > found.limit:
        needed = number(_about(found.needed, found.limit))
        return f"Kaspi принимает {limit} за 30 минут. Сейчас боту нужно около {needed}: {rest}"
    waiting = counted(found.queued, *_GOODS)
    return f"Kaspi принимает {limit} за 30 минут, сейчас место занято. В очереди {waiting}: {rest}"


def _about(count: int, limit: int) -> int:
    """Round to tens, but never down to the limit that it exceeds."""
    rounded = round(count, -1)
    return rounded if rounded > limit else count


def _missing(found: Forecast) -> str:
    if not found.too_many:
        return ""
    more = counted(found.too_many, *_CHANGES)
    return f"За последний час не хватило места на {more}."
