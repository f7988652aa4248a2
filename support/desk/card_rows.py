"""The customer's card in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.billing.view_schemas import PaymentView, Standing
from cube_demper.domain.notifications.kinds import kind_of
from cube_demper.domain.orders.words import PROBLEM_TITLES
from cube_demper.domain.stores.schemas import Condition, Weight
from cube_demper.domain.stores.staff_schemas import REASONS, REAUTH_REASONS, StoreState
from cube_demper.domain.support.customer_schemas import Customer, Person, StoreHealth
from cube_demper.models.syncing import SyncState
from cube_demper.ui import format as fmt
from cube_demper.ui.payment_words import PAYMENT_STATUSES

_TONES: Final = {
    StoreState.WORKS: "green",
    StoreState.RESTING: "gray",
    StoreState.OFF: "gray",
    StoreState.STOPPED: "amber",
    StoreState.NO_PLAN: "amber",
    StoreState.BANNED: "amber",
    StoreState.REFRESHING: "blue",
}
_WEIGHTS: Final = {
    Weight.OK: "green",
    Weight.OFF: "gray",
    Weight.ATTENTION: "amber",
    Weight.BROKEN: "red",
}
_SIGNED_IN: Final = frozenset(StoreState) - {
    StoreState.NO_SESSION,
    StoreState.NEEDS_REAUTH,
    StoreState.REFRESHING,
    StoreState.OFF,
}
_GOODS = ("товар", "товара", "товаров")


@dataclass
class Line:
    """Words with their colour, and what more there is to say."""

    id: str = ""
    words: str = ""
    tone: str = "gray"
    note: str = ""
    more: str = ""


@dataclass
class StoreView:
    """One store: why it works or not, and what can be done."""

    id: str = ""
    name: str = ""
    merchant: str = ""
    words: str = ""
    tone: str = "gray"
    bots: str = ""
    looked_at: str = ""
    sync: str = ""
    orders: str = ""
    can_resync: bool = False
    can_ask: bool = False


@dataclass
class CardView:
    """Everything on the card."""

    chat_id: str = ""
    name: str = ""
    email: str = ""
    works_for: str = ""
    is_confirmed: bool = True
    is_blocked: bool = False
    since: str = ""
    seen_at: str = ""
    plan: str = ""
    plan_note: str = ""
    plan_tone: str = "gray"
    usage: str = ""
    balance: str = ""
    orders: str = ""
    more_stores: str = ""
    payment: Line = field(default_factory=Line)
    stores: list[StoreView] = field(default_factory=list)
    conditions: list[Line] = field(default_factory=list)
    troubles: list[Line] = field(default_factory=list)
    changes: list[Line] = field(default_factory=list)


def card_view(chat_id: str, it: Customer, now: datetime) -> CardView:
    """Put the card into words."""
    note, tone = _plan_note(it.standing, now)
    hidden = it.store_count - len(it.stores)
    usage = f"Ботов {fmt.number(it.usage.bots)} из {fmt.number(it.usage.bot_limit)}"
    return CardView(
        chat_id=chat_id,
        **_person(it.person),
        plan=it.standing.plan.title,
        plan_note=note,
        plan_tone=tone,
        usage=f"{usage}, {fmt.number(it.usage.over)} сверх тарифа" if it.usage.over else usage,
        balance=format_tenge(it.balance) if it.balance else "",
        orders=_orders(it, now),
        more_stores=f"и ещё {fmt.counted(hidden, 'магазин', 'магазина', 'магазинов')}"
        if hidden
        else "",
        payment=_payment(it.payment),
        stores=[store_view(one, now, is_blocked=it.person.is_blocked) for one in it.stores],
        conditions=[_condition(one) for one in it.conditions if one.weight is not Weight.OK],
        troubles=[
            Line(
                str(one.id),
                one.title,
                kind_of(one.kind).tone,
                fmt.age(one.created_at, now),
                one.body,
            )
            for one in it.troubles
        ],
        changes=[
            Line(
                str(one.id),
                one.product_name,
                "gray",
                f"{format_tenge(one.old_price)} → {format_tenge(one.new_price)}"
                f" · {fmt.age(one.at, now)}",
                one.words,
            )
            for one in it.changes
            if one.old_price is not None and one.new_price is not None
        ],
    )


def store_view(it: StoreHealth, now: datetime, *, is_blocked: bool) -> StoreView:
    """Put one store into words."""
    store = it.status.store
    state = state_of(it, now, is_blocked=is_blocked)
    words = REASONS[state]
    if state is StoreState.NEEDS_REAUTH and store.reauth_reason is not None:
        words = REAUTH_REASONS.get(store.reauth_reason, words)
    return StoreView(
        id=str(store.id),
        name=store.name,
        merchant=store.merchant_id,
        words=words,
        tone=_TONES.get(state, "red"),
        bots=fmt.counted(it.status.bots, *_GOODS),
        looked_at=fmt.iso(it.status.last_look_at),
        sync=_sync(it, now),
        orders=_polling(it, now),
        can_resync=state in _SIGNED_IN and store.has_session,
        can_ask=store.has_session and store.is_active,
    )


def state_of(it: StoreHealth, now: datetime, *, is_blocked: bool) -> StoreState:
    """Say what stands in the way of a store first, as the operator's list of stores does."""
    status, store = it.status, it.status.store
    blocked_until = store.sends_blocked_until
    holds = (
        (is_blocked, StoreState.OWNER_BLOCKED),
        (not store.is_active, StoreState.OFF),
        (not store.can_send, StoreState.NO_SESSION),
        (store.is_refreshing, StoreState.REFRESHING),
        (store.needs_reauth, StoreState.NEEDS_REAUTH),
        (blocked_until is not None and blocked_until > now, StoreState.BANNED),
        (not store.is_enabled, StoreState.STOPPED),
        (status.effective_mode is not store.mode, StoreState.NO_PLAN),
        (not status.is_open, StoreState.RESTING),
    )
    return next((state for is_so, state in holds if is_so), StoreState.WORKS)


def _person(it: Person) -> dict[str, object]:
    return {
        "name": it.name or "Без имени",
        "email": it.email,
        "works_for": it.works_for,
        "is_confirmed": it.is_email_confirmed,
        "is_blocked": it.is_blocked,
        "since": fmt.moment(it.registered_at),
        "seen_at": fmt.iso(it.last_seen_at),
    }


def _plan_note(it: Standing, now: datetime) -> tuple[str, str]:
    if it.landed_at is not None:
        return f"закончился {fmt.moment(it.landed_at, now=now)}, бот остановлен", "red"
    if it.grace_until is not None:
        words = f"не оплачен, работает до {fmt.moment(it.grace_until, now=now)}"
        return f"{words}: {it.trouble}" if it.trouble else words, "red"
    if it.ends_at is None:
        return "без срока", "gray"
    until = fmt.moment(it.ends_at, now=now)
    if it.is_trial:
        return f"пробный, до {until}", "blue"
    if it.is_ending:
        return f"отменён, до {until}", "amber"
    return f"продлится {until}" if it.card else f"до {until}", "green"


def _payment(it: PaymentView | None) -> Line:
    if it is None:
        return Line(words="Платежей не было")
    word, tone, _ = PAYMENT_STATUSES[it.status]
    total = format_tenge(it.amount + it.from_balance)
    when = fmt.moment(it.paid_at or it.created_at)
    return Line(str(it.id), word, tone, f"{it.plan}, {total} · {when}", it.failure_words)


def _orders(it: Customer, now: datetime) -> str:
    found = it.orders
    if found.latest_at is None:
        return "Заказов ещё не видели"
    last = fmt.age(found.latest_at, now)
    return f"Сегодня {fmt.number(found.today)}, за 7{NBSP}дней {fmt.number(found.week)}, последний {last}"


def _condition(it: Condition) -> Line:
    return Line(it.code, it.words, _WEIGHTS[it.weight], fmt.counted(it.count, *_GOODS), it.remedy)


def _sync(it: StoreHealth, now: datetime) -> str:
    run = it.sync
    if run is not None and run.is_live:
        return f"Каталог обновляется: прочитано {fmt.number(run.goods_read)}"
    if run is not None and run.state is SyncState.FAILED:
        return f"Каталог не обновился: {run.trouble}"
    synced_at = it.status.store.synced_at
    return f"Каталог обновлён {fmt.age(synced_at, now)}" if synced_at else "Каталог ещё не читали"


def _polling(it: StoreHealth, now: datetime) -> str:
    poll = it.poll
    if poll is None or not poll.is_on:
        return "Заказы не читаем"
    if poll.problem is not None:
        title = PROBLEM_TITLES[poll.problem]
        return f"{title[0].upper()}{title[1:]}"
    return (
        f"Заказы прочитаны {fmt.age(poll.polled_at, now)}"
        if poll.polled_at
        else "Заказы ждут чтения"
    )
