"""What the bot's page shows, as text: the browser formats nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.stores.schemas import (
    BotStatus,
    Condition,
    StoreStatus,
    Weight,
    WorkerSeen,
    WorkHours,
)
from cube_demper.models.stores import BotMode
from cube_demper.seller.pages.bot.standing import spent_of, why_idle
from cube_demper.ui.format import clock_time, counted, iso, moment, number, plural

_TONES = {Weight.OK: "green", Weight.OFF: "gray", Weight.ATTENTION: "amber", Weight.BROKEN: "red"}


@dataclass
class StoreTab:
    """One store as the tabs show it; an idle one says why."""

    id: str = ""
    name: str = ""
    code: str = ""
    is_idle: bool = False


@dataclass
class Strip:
    """The numbers over everything, of all stores together."""

    workers: str = "—"
    workers_note: str = ""
    workers_tone: str = "gray"
    looked_at: str = ""
    due: str = "—"
    due_note: str = ""
    blocked: str = "нет"
    blocked_note: str = ""
    summary: str = ""
    enabled: int = 0


@dataclass
class StoreNow:
    """The chosen store right now."""

    id: str = ""
    name: str = ""
    code: str = ""
    is_enabled: bool = False
    is_suggest: bool = True
    is_plan_limited: bool = False
    words: str = ""
    bots: str = ""
    looked_at: str = ""
    hours: str = ""
    speed: str = ""
    is_slow: bool = False
    changes: str = ""
    changes_percent: int = 0
    changes_tone: str = "blue"
    queued: str = ""
    blocked: str = ""


@dataclass
class ReasonRow:
    """Goods in one condition."""

    id: str = ""
    count: str = ""
    words: str = ""
    remedy: str = ""
    link: str = ""
    tone: str = ""


@dataclass
class WorkerRow:
    """One process."""

    id: str = ""
    name: str = ""
    code: str = "down"
    seen_at: str = ""
    pass_at: str = ""


def store_tab(status: StoreStatus) -> StoreTab:
    """Return the tab of a store."""
    store, code = status.store, code_of(status)
    return StoreTab(str(store.id), store.name, code, is_idle=code not in tuple(BotMode))


def code_of(status: StoreStatus) -> str:
    """Return the code of `ui.statuses` that says how a store's bot is."""
    working = str(status.effective_mode) if status.is_open else "resting"
    return why_idle(status.store) or working


def strip_of(status: BotStatus, now: datetime) -> Strip:
    """Return the numbers of all stores together."""
    due = sum(store.due for store in status.stores)
    late = sum(store.overdue for store in status.stores)
    blocks = [
        store.store.sends_blocked_until
        for store in status.stores
        if store.store.sends_blocked_until and store.store.sends_blocked_until > now
    ]
    alive, expected = status.workers_alive, status.workers_expected
    return Strip(
        workers=f"{alive} из {expected}" if expected else "0",
        workers_note=_workers_note(alive, expected),
        workers_tone="green" if alive and alive >= expected else "red",
        looked_at=iso(status.last_look_at),
        due=number(due),
        due_note=f"{number(late)} дольше минуты" if late else "без опозданий",
        blocked=counted(len(blocks), "магазин", "магазина", "магазинов") if blocks else "нет",
        blocked_note=f"до {clock_time(max(blocks))}" if blocks else "Kaspi принимает цены",
        summary=summary_of(status),
        enabled=sum(store.store.is_enabled for store in status.stores),
    )


def _workers_note(alive: int, expected: int) -> str:
    if not alive:
        return "никто не проверяет цены"
    return "все на связи" if alive >= expected else "остальные догоняют за них"


def summary_of(status: BotStatus) -> str:
    """Say in one sentence whether the bots work."""
    count, working = len(status.stores), len(status.working)
    if not count:
        return "Подключите магазин Kaspi, и бот начнёт следить за ценами."
    if not working:
        return "Бот сейчас не работает ни в одном магазине."
    stores = counted(count, "магазина", "магазинов", "магазинов")
    verb = "держит цены"
    if all(store.effective_mode is BotMode.SUGGEST for store in status.working):
        verb = "только советует цены"
    if working == count:
        everywhere = "в магазине" if count == 1 else "во всех магазинах"
        return f"Бот {verb} {everywhere}."
    return f"Бот {verb} в {working} из {stores}."


def store_now(status: StoreStatus, limit: int, now: datetime) -> StoreNow:
    """Return how the chosen store is doing."""
    store = status.store
    spent = spent_of(status, limit)
    blocked = store.sends_blocked_until
    return StoreNow(
        id=str(store.id),
        name=store.name,
        code=code_of(status),
        is_enabled=store.is_enabled,
        is_suggest=status.effective_mode is BotMode.SUGGEST,
        is_plan_limited=store.mode is BotMode.AUTO and status.effective_mode is BotMode.SUGGEST,
        words=_words(status),
        bots=counted(status.bots, "товар", "товара", "товаров"),
        looked_at=iso(status.last_look_at),
        hours=_hours(store.hours),
        speed=_speed(status),
        is_slow=status.speed_minutes is not None,
        changes=spent.words,
        changes_percent=spent.percent,
        changes_tone=spent.tone,
        queued=_queued(status),
        blocked=moment(blocked, now=now) if blocked and blocked > now else "",
    )


def _words(status: StoreStatus) -> str:
    words = {
        "store_off": "Магазин отключён: бот его не видит.",
        "needs_reauth": "Нужен вход в Kaspi. Пока его нет, цены стоят.",
        "refreshing": "Обновляем вход в Kaspi: пароль сохранён. До нового входа цены стоят.",
        "stopped": "Бот остановлен: цены не проверяются и не меняются.",
        "suggest": "Бот проверяет цены и советует, но ничего не отправляет.",
        "auto": "Бот проверяет цены и сам меняет их в Kaspi в ваших границах.",
    }
    code = code_of(status)
    if code == "resting":
        return f"Вне часов работы. Начнёт в {clock_time(status.opens_at)}."
    return words[code]


def _hours(hours: WorkHours) -> str:
    if hours.start is None or hours.end is None:
        return "круглосуточно"
    return f"{hours.start:%H:%M}–{hours.end:%H:%M}"


def _speed(status: StoreStatus) -> str:
    setting = status.store.check_interval_minutes
    if status.speed_minutes is None:
        return f"раз в {setting}\u00a0мин"
    return f"сейчас раз в {status.speed_minutes}\u00a0мин, задано {setting}\u00a0мин"


def _queued(status: StoreStatus) -> str:
    if not status.queued and not status.sending:
        return "нет"
    waiting = counted(status.queued, "товар", "товара", "товаров")
    return f"{waiting}, отправляются {status.sending}" if status.sending else waiting


def reason_row(condition: Condition) -> ReasonRow:
    """Return one line of «почему бот не ведёт товары»."""
    return ReasonRow(
        id=condition.code,
        count=number(condition.count),
        words=condition.words,
        remedy=condition.remedy,
        link=condition.link,
        tone=_TONES[condition.weight],
    )


def reasons_note(conditions: Sequence[Condition]) -> str:
    """Say how many goods the bot keeps of how many."""
    total = sum(it.count for it in conditions)
    kept = sum(it.count for it in conditions if it.weight is Weight.OK)
    word = plural(total, "товара", "товаров", "товаров")
    return f"бот ведёт {number(kept)} из {number(total)} {word}"


def worker_row(worker: WorkerSeen) -> WorkerRow:
    """Return one process of the work card."""
    return WorkerRow(
        id=worker.process,
        name=f"Обработчик {worker.instance_index + 1}",
        code="ok" if worker.is_alive else "down",
        seen_at=iso(worker.seen_at),
        pass_at=iso(worker.pass_at),
    )
