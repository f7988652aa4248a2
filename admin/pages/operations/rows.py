"""The machine as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cube_demper.domain.statistics.schemas import ErrorLine, Queue, StoreBudget, Worker
from cube_demper.domain.switches.service import SwitchState
from cube_demper.models.steering import Switch
from cube_demper.ui.format import age, clock_time, duration, moment, number

TABS: Final = {
    "": "Процессы",
    "queues": "Очереди",
    "kaspi": "Лимиты Kaspi",
    "errors": "Ошибки",
    "switches": "Выключатели",
}
_WORKERS: Final = {
    "demping": "Цены",
    "orders": "Заказы",
    "messaging": "WhatsApp",
    "logins": "Входы в Kaspi",
    "billing": "Оплаты и тарифы",
    "outbox": "Задания",
    "alerts": "Уведомления",
}
_QUEUES: Final = {
    "prices": "Цены к отправке",
    "messages": "Сообщения WhatsApp",
    "sign_ins": "Входы в Kaspi",
    "syncs": "Обновления каталога",
}
SWITCHES: Final = {
    Switch.PRICE_SENDING: (
        "Отправка цен в Kaspi",
        "Цены копятся в очереди и уйдут, когда включите. Предупредите продавцов объявлением.",
    ),
    Switch.CARD_PAYMENTS: (
        "Оплата картой",
        "Продавец увидит причину и сможет оплатить переводом.",
    ),
    Switch.BROADCASTS: (
        "Рассылки WhatsApp",
        "Новые рассылки не начинаются; идущие дойдут до конца.",
    ),
    Switch.REGISTRATION: (
        "Регистрация",
        "Новый человек увидит причину на странице регистрации.",
    ),
}


@dataclass
class Line:
    """One line of any of the lists: what, how much, in words; `href` leads to it."""

    id: str
    name: str
    name_note: str = ""
    state: str = ""
    tone: str = "gray"
    value: str = ""
    value_note: str = ""
    words: str = ""
    href: str = ""


@dataclass
class SwitchRow:
    """A switch as it stands."""

    code: str
    name: str
    effect: str
    is_on: bool
    state: str
    reason: str


def worker_line(worker: Worker, now: datetime) -> Line:
    """Put a process into words."""
    it, is_alive = worker.beat, worker.is_alive
    shard = f"часть {it.instance_index + 1} из {it.instance_count}"
    return Line(
        id=f"{it.name}:{it.instance_index}:{it.process}",
        name=_WORKERS.get(it.name, it.name),
        name_note=f"{it.name}, {shard}" if it.instance_count > 1 else it.name,
        state="Работает" if is_alive else "Молчит",
        tone="green" if is_alive else "red",
        value=age(it.seen_at, now),
        value_note=f"в работе {duration(now - it.started_at)}" if is_alive else it.process,
        words=_facts(it.pass_facts),
    )


_FACTS: Final = {
    "checked": "проверено",
    "sent": "отправлено",
    "lateness": "опоздание в секундах",
    "done": "сделано",
    "steps": "шагов",
    "charged": "списаний",
    "expired": "просрочено",
}


def _facts(facts: dict[str, Any]) -> str:
    known = [
        f"{words} {number(facts[name])}"
        for name, words in _FACTS.items()
        if isinstance(facts.get(name), int | float)
    ]
    if facts.get("is_degraded"):
        known.append("лимиты без Redis: осторожнее обычного")
    return ", ".join(known)


def queue_line(it: Queue, now: datetime) -> Line:
    """Put a queue into words."""
    return Line(
        id=it.code,
        name=_QUEUES.get(it.code, it.code),
        name_note="" if it.code in _QUEUES else "задания",
        state=f"Не выходит: {number(it.stuck)}" if it.stuck else "Идёт",
        tone="red" if it.stuck else "green",
        value=number(it.waiting),
        value_note=f"первое {age(it.oldest, now)}" if it.oldest and it.waiting else "",
        words=it.last_error[:200],
    )


def budget_line(it: StoreBudget, limit: int) -> Line:
    """Put a store's use of Kaspi's budget into words."""
    share = 100 * it.changes // limit
    is_near = it.changes * 5 >= limit * 4
    state, tone = ("У предела", "amber") if is_near else ("Хватает", "green")
    if it.blocked_until:
        state, tone = f"Запрет до {clock_time(it.blocked_until)}", "red"
    return Line(
        id=str(it.store_id),
        name=it.name,
        name_note=it.email,
        state=state,
        tone=tone,
        value=f"{number(it.changes)} из {number(limit)}",
        value_note=f"{number(share)}\u00a0%",
        words="Kaspi не принимает изменения: слишком часто" if it.blocked_until else "",
        href=f"/stores?store={it.store_id}",
    )


def error_line(it: ErrorLine, now: datetime) -> Line:
    """Put a failure into words."""
    return Line(
        id=it.id,
        name=it.subject or it.owner,
        name_note=it.owner if it.subject else "",
        value=moment(it.at, now=now),
        words=it.words or "без объяснения",
        href=f"/stores?store={it.store_id}" if it.store_id else it.link,
    )


def switch_row(it: SwitchState, now: datetime) -> SwitchRow:
    """Put a switch into words."""
    name, effect = SWITCHES[it.code]
    since = f" {age(it.changed_at, now)}" if it.changed_at else ""
    return SwitchRow(
        code=it.code.value,
        name=name,
        effect=effect,
        is_on=it.is_on,
        state="Работает" if it.is_on else f"Выключено{since}",
        reason=it.reason,
    )
