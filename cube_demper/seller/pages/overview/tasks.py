"""What waits for the seller, the most pressing first: what it is, what it costs, one verb."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cube_demper.domain.catalog.list_schemas import ProductTab
from cube_demper.domain.stores.schemas import ConditionCode, StoreStatus
from cube_demper.models.stores import BotMode, ReauthReason
from cube_demper.seller.pages.overview.reading import Picture
from cube_demper.seller.pages.overview.sending_tasks import sending_tasks
from cube_demper.seller.pages.overview.task import Task
from cube_demper.ui.format import age, clock_time, counted, number, plural

_GOODS = ("товар", "товара", "товаров")
_AT_GOODS = ("товара", "товаров", "товаров")
_HARM = ("red", "amber", "blue")
_SIGN_IN = {
    ReauthReason.SMS_REQUIRED: "Kaspi просит код из SMS",
    ReauthReason.INVALID_CREDENTIALS: "Kaspi не принял пароль",
    ReauthReason.CREDENTIALS_MISSING: "Вход в Kaspi истёк",
    None: "Нужен вход в Kaspi",
}


def tasks_of(picture: Picture) -> list[Task]:
    """Return what waits by harm: red, amber, blue; within a colour in the order of the money at risk."""
    found = [
        *_of_stores(picture),
        *sending_tasks(picture),
        *_of_goods(picture),
        *_of_plan(picture),
    ]
    return sorted(found, key=lambda task: _HARM.index(task.tone))


def _of_stores(picture: Picture) -> Iterator[Task]:
    for status in picture.status.stores:
        store = status.store
        if not store.is_active or picture.store_id not in {None, store.id}:
            continue
        if store.is_refreshing:
            continue  # its banner says how far that is; the seller has nothing to do
        if store.needs_reauth or not store.can_send:
            yield _sign_in(status, picture.now)
        elif store.is_enabled and store.mode is BotMode.SUGGEST and status.bots:
            yield Task(
                id=f"suggest:{store.id}",
                icon="lightbulb",
                tone="blue",
                title=f"«{store.name}»: бот только советует",
                text=f"{counted(status.bots, *_GOODS)} с ботом, в Kaspi ничего не уходит",
                verb="Советы",
                link=f"/bot/trial?store={store.id}",
            )
        blocked = store.sends_blocked_until
        if blocked and blocked > picture.now:
            yield Task(
                id=f"blocked:{store.id}",
                icon="hourglass",
                title=f"«{store.name}»: Kaspi не принимает цены до {clock_time(blocked)}",
                text="Слишком много изменений за полчаса. Бот продолжит сам, делать ничего не нужно",
                verb="Подробнее",
                link=f"/bot?store={store.id}",
            )


def _sign_in(status: StoreStatus, now: datetime) -> Task:
    store = status.store
    goods = counted(status.bots, *_GOODS)
    since = f", последняя проверка {age(status.last_look_at, now)}" if status.last_look_at else ""
    return Task(
        id=f"sign_in:{store.id}",
        icon="smartphone",
        tone="red",
        title=f"{_SIGN_IN[store.reauth_reason]}: «{store.name}»",
        text=f"{goods} без присмотра{since}, цены стоят",
        verb="Войти в Kaspi",
        link=f"/stores/connect?store={store.id}",
    )


def _of_goods(picture: Picture) -> Iterator[Task]:
    day, counts = picture.day, picture.counts
    if day.suspicious:
        yield Task(
            id="suspicious",
            icon="shield-alert",
            tone="red",
            title=f"Подозрительно низкая цена конкурента: {counted(day.suspicious, *_GOODS)}",
            text="Бот не пошёл за ней. Если это настоящая цена, разрешите снижение у товара",
            verb="Решить",
            link=_goods("held", picture),
        )
    if day.rival_below_floor:
        yield Task(
            id="below_floor",
            icon="shield",
            title=_at(day.rival_below_floor, "конкурент ниже мин. цены"),
            text="Бот ждёт, пока конкурент поднимет цену: первое место у других",
            verb="Разобрать",
            link=_goods("at_floor", picture),
        )
    if day.without_floor:
        yield Task(
            id="no_min_price",
            icon="coins",
            tone="blue",
            title=_at(day.without_floor, "с ботом не задана мин. цена"),
            text="Бот не снижает их цену: ниже той, с которой включён, он не пойдёт",
            verb="Задать",
            link=_goods("no_min_price", picture),
        )
    if wrong := counts[ProductTab.ERROR]:
        yield Task(
            id="error",
            icon="circle-alert",
            title=_at(wrong, "есть ошибки"),
            text="Бот их не ведёт, пока причина не исправлена",
            verb="Посмотреть",
            link=_goods("error", picture),
        )


def _of_plan(picture: Picture) -> Iterator[Task]:
    words = {
        ConditionCode.OVER_PLAN_LIMIT: "не помещаются в тариф",
        ConditionCode.PLAN_WITHOUT_REPRICING: "только с советами: тариф не отправляет цены",
    }
    for condition in picture.conditions:
        if condition.code in words:
            goods = counted(condition.count, *_GOODS)
            yield Task(
                id=condition.code,
                icon="wallet",
                title=f"{goods} {words[condition.code]}",
                text=condition.remedy,
                verb="Выбрать тариф",
                link=condition.link,
            )


def _at(count: int, words: str) -> str:
    return f"У {number(count)} {plural(count, *_AT_GOODS)} {words}"


def _goods(tab: str, picture: Picture) -> str:
    store = f"&store={picture.store_id}" if picture.store_id else ""
    return f"/products?tab={tab}{store}"
