"""Stores as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.stores.schemas import Condition, Weight
from cube_demper.domain.stores.staff_schemas import SignInTry, StoreCard, StoreLine, StoreState
from cube_demper.ui.format import age, clock_time, counted, moment, number

TABS: Final = {
    StoreState.WORKS: "Работают",
    StoreState.NEEDS_REAUTH: "Нужен вход",
    StoreState.BANNED: "Kaspi не принимает",
    StoreState.STOPPED: "Остановлены",
    StoreState.NO_PLAN: "Без тарифа",
    StoreState.RESTING: "Не рабочие часы",
    StoreState.REFRESHING: "Обновляют вход",
    StoreState.NO_SESSION: "Не подключены",
    StoreState.OFF: "Отключены",
    StoreState.OWNER_BLOCKED: "Владелец закрыт",
}
_TONES: Final = {
    StoreState.WORKS: "green",
    StoreState.NEEDS_REAUTH: "red",
    StoreState.OWNER_BLOCKED: "red",
    StoreState.BANNED: "amber",
    StoreState.NO_PLAN: "amber",
    StoreState.REFRESHING: "blue",
}
_WORDS: Final = {
    StoreState.WORKS: "Работает",
    StoreState.NEEDS_REAUTH: "Нужен вход",
    StoreState.BANNED: "Kaspi не принимает",
    StoreState.STOPPED: "Остановлен",
    StoreState.NO_PLAN: "Только советует",
    StoreState.RESTING: "Не рабочие часы",
    StoreState.REFRESHING: "Обновляем вход",
    StoreState.NO_SESSION: "Не подключён",
    StoreState.OFF: "Отключён",
    StoreState.OWNER_BLOCKED: "Владелец закрыт",
}
_SYNCS: Final = {
    "queued": "в очереди",
    "running": "идёт",
    "done": "прошло",
    "cancelled": "остановлено",
    "failed": "не удалось",
}
_STEPS: Final = {"done": "вошли", "refused": "отказ", "cancelled": "отменён"}
_WEIGHTS: Final = {
    Weight.OK: "green",
    Weight.ATTENTION: "amber",
    Weight.BROKEN: "red",
    Weight.OFF: "gray",
}


@dataclass
class StoreRow:
    """One line of the list."""

    id: str
    name: str
    merchant: str
    owner: str
    owner_href: str
    state: str
    tone: str
    why: str
    goods: str
    goods_note: str
    changes: str
    changes_note: str
    seen: str
    seen_note: str


@dataclass
class Reason:
    """Why so many goods of a store are repriced or not."""

    words: str
    remedy: str
    count: str
    tone: str


@dataclass
class StoreView:
    """The panel of one store."""

    id: str = ""
    name: str = ""
    state: str = ""
    tone: str = "gray"
    why: str = ""
    owner: str = ""
    owner_href: str = ""
    is_running: bool = False
    can_ask: bool = True
    facts: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    sign_ins: list[tuple[str, str]] = field(default_factory=list)


def store_row(it: StoreLine, limit: int, now: datetime) -> StoreRow:
    """Put a store into words; `limit`: changes that Kaspi takes of it in 30 minutes."""
    return StoreRow(
        id=str(it.id),
        name=it.name,
        merchant=f"{it.merchant_id} · {'прайс-лист' if it.channel == 'feed' else 'кабинет'}",
        owner=it.email,
        owner_href=f"/users/{it.user_id}",
        state=_WORDS[it.state],
        tone=_TONES.get(it.state, "gray"),
        why=_why(it),
        goods=number(it.goods),
        goods_note=f"с ботом {number(it.bots)}" if it.bots else "бот выключен",
        changes=number(it.changes) if it.changes else "—",
        changes_note=f"из {number(limit)} за 30 мин" if it.changes else "",
        seen=age(it.last_look_at, now) if it.last_look_at else "—",
        seen_note=counted(it.errors, "ошибка", "ошибки", "ошибок") if it.errors else "",
    )


def _why(it: StoreLine) -> str:
    if it.state is StoreState.BANNED:
        return f"{it.why}, до {clock_time(it.sends_blocked_until)}"
    if it.state is StoreState.WORKS and not it.bots:
        return "Бот запущен, но не включён ни у одного товара"
    if it.state is StoreState.WORKS and it.mode == "suggest":
        return "Проверяет и только советует: так выбрал владелец"
    return it.why


def store_view(card: StoreCard, limit: int, now: datetime) -> StoreView:
    """Put everything about a store into words."""
    it = card.line
    row = store_row(it, limit, now)
    return StoreView(
        id=row.id,
        name=it.name,
        state=row.state,
        tone=row.tone,
        why=row.why,
        owner=it.email,
        owner_href=row.owner_href,
        is_running=it.is_enabled,
        can_ask=it.channel == "cabinet" and it.state not in (StoreState.NO_SESSION, StoreState.OFF),
        facts=[
            ("Товаров", f"{row.goods}, {row.goods_note}"),
            ("Последняя проверка", age(it.last_look_at, now)),
            ("Изменений за 30 мин", f"{number(it.changes)} из {number(limit)}"),
            ("Ждут отправки", f"{number(card.queued)}, уходят сейчас {number(card.sending)}"),
            ("Каталог", _sync(card.sync, it.synced_at, now)),
        ],
        reasons=[_reason(one) for one in card.conditions],
        sign_ins=[(moment(one.at, now=now), _sign_in(one)) for one in card.sign_ins],
    )


def _reason(it: Condition) -> Reason:
    return Reason(it.words, it.remedy, number(it.count), _WEIGHTS[it.weight])


def _sync(run: SyncRun | None, synced_at: datetime | None, now: datetime) -> str:
    if run is not None and (run.is_live or run.state == "failed"):
        trouble = f": {run.trouble}" if run.trouble else ""
        read = f", прочитано {number(run.goods_read)}" if run.goods_read else ""
        return f"обновление {_SYNCS[run.state]}{read}{trouble}"
    return f"обновлён {age(synced_at, now)}" if synced_at else "ещё не читали"


def _sign_in(it: SignInTry) -> str:
    how = "обновление входа" if it.is_refresh else "вход владельца"
    refusal = f", {it.refusal}" if it.refusal else ""
    return f"{how}: {_STEPS.get(it.step, 'идёт')}{refusal}"
