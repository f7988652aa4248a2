"""A person's card as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from admin.words import PLANS, ROLE_TONES, ROLES
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.directory_schemas import PersonCard, PersonStore
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.audit.words import words_of
from cube_demper.models.accounts import User, UserSession
from cube_demper.models.billing import Payment, Plan
from cube_demper.models.operations import AuditEntry
from cube_demper.ui.format import age, counted, day, moment

_APPS = {"seller": "кабинет продавца", "admin": "админ-панель", "support": "поддержка"}
_STATUSES = {
    "created": ("ждёт оплаты", "blue"),
    "authorized": ("деньги придержаны", "blue"),
    "paid": ("оплачен", "green"),
    "failed": ("не прошёл", "red"),
    "cancelled": ("отменён", "gray"),
    "expired": ("не дождались", "gray"),
    "partly_refunded": ("возвращён частично", "amber"),
    "refunded": ("возвращён", "amber"),
}
_METHODS = {
    "card": "карта",
    "bank_invoice": "счёт",
    "kaspi_transfer": "перевод Kaspi",
    "balance": "с баланса",
}


@dataclass
class Line:
    """One line of a small list: what, how it stands, a note."""

    id: str
    title: str
    note: str
    state: str = ""
    tone: str = "gray"
    href: str = ""


@dataclass
class CardView:
    """The card."""

    id: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    state: str = ""
    tone: str = "gray"
    is_blocked: bool = False
    is_deleted: bool = False
    is_seller: bool = False
    has_plan: bool = False
    about: list[tuple[str, str]] = field(default_factory=list)
    money: list[tuple[str, str]] = field(default_factory=list)
    stores: list[Line] = field(default_factory=list)
    payments: list[Line] = field(default_factory=list)
    sessions: list[Line] = field(default_factory=list)
    deeds: list[Line] = field(default_factory=list)
    journal: str = ""


def card_view(it: PersonCard, now: datetime) -> CardView:
    """Put a card into words."""
    user, role = it.user, Role(it.user.role)
    state, tone = _state(user, role)
    return CardView(
        id=str(user.id),
        name=user.full_name or user.email,
        email=user.email,
        role=role,
        state=state,
        tone=tone,
        is_blocked=user.is_blocked,
        is_deleted=user.deleted_at is not None,
        is_seller=role is Role.USER,
        has_plan=it.plan.ends_at is not None,
        about=_about(it, now),
        money=_money(it, now),
        stores=[_store(store) for store in it.stores],
        payments=[_payment(payment) for payment in it.payments],
        sessions=[_session(session, now) for session in it.sessions],
        deeds=[_deed(entry, who, now) for entry, who in it.deeds],
        journal=f"/audit?{urlencode({'about': str(user.id)})}",
    )


def _state(user: User, role: Role) -> tuple[str, str]:
    if user.deleted_at is not None:
        return f"Удалён {day(user.deleted_at)}", "gray"
    if user.is_blocked:
        return "Заблокирован", "red"
    return (ROLES[role], ROLE_TONES[role]) if role is not Role.USER else ("Работает", "green")


def _about(it: PersonCard, now: datetime) -> list[tuple[str, str]]:
    user = it.user
    confirmed = day(user.email_confirmed_at) if user.email_confirmed_at else "нет"
    pairs = [
        ("Роль", ROLES[Role(user.role)]),
        ("Почта", user.email),
        ("Почта подтверждена", confirmed),
        ("Регистрация", moment(user.created_at, now=now)),
        ("Заходил", age(user.last_seen_at, now) if user.last_seen_at else "ещё не заходил"),
        ("Кто привёл", it.came_by or "никто"),
        ("Привёл сам", counted(it.invited, "человека", "человека", "человек")),
        ("Номер записи", str(user.id)),
    ]
    return [(name, value) for name, value in pairs if value]


def _money(it: PersonCard, now: datetime) -> list[tuple[str, str]]:
    plan, ends_at = it.plan, it.plan.ends_at
    name = PLANS[Plan(plan.plan)] + (", пробный" if plan.is_trial else "")
    until = "бессрочно" if ends_at is None else moment(ends_at, now=now)
    if plan.in_grace:
        until += ", период кончился: идёт отсрочка"
    return [
        ("Тариф", name),
        ("Действует до", until),
        ("Оплачено деньгами", format_tenge(it.money.paid)),
        ("Возвращено", format_tenge(it.money.refunded)),
        ("Оплат", str(it.money.count)),
    ]


def _store(it: PersonStore) -> Line:
    state, tone = ("Работает", "green")
    if not it.is_active:
        state, tone = "Отключён", "gray"
    elif it.needs_reauth:
        state, tone = "Нужен вход в Kaspi", "red"
    goods = counted(it.goods, "товар", "товара", "товаров")
    return Line(str(it.id), it.name, f"{goods}, с ботом {it.bots} · {it.merchant_id}", state, tone)


def _payment(it: Payment) -> Line:
    state, tone = _STATUSES.get(it.status, (it.status, "gray"))
    title = f"{format_tenge(it.amount)} · {PLANS[Plan(it.plan)]}"
    note = f"{day(it.created_at)} · {_METHODS.get(it.method, it.method)} · {it.invoice_id}"
    return Line(str(it.id), title, note, state, tone)


def _session(it: UserSession, now: datetime) -> Line:
    visit = "вход администратора" if it.impersonated_by else ""
    where = it.ip or "адрес неизвестен"
    note = f"{where} · с {moment(it.created_at, now=now)} · {it.user_agent[:60]}"
    return Line(str(it.id), _APPS.get(it.app, it.app), note, visit, "amber")


def _deed(it: AuditEntry, who: str, now: datetime) -> Line:
    doer = who or ("система" if it.actor_role == "system" else "не вошедший")
    if it.impersonator_id is not None:
        doer = f"администратор под {doer}"
    reason = str(it.details.get("reason", ""))
    note = " · ".join(
        part for part in (moment(it.created_at, now=now), doer, it.ip, reason) if part
    )
    return Line(str(it.id), words_of(it.action), note)
