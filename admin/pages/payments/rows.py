"""Payments as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import TIYN_IN_TENGE, format_tenge
from cube_demper.domain.billing.administration import TRANSFERS, PaymentCard
from cube_demper.domain.billing.machine import SETTLED
from cube_demper.domain.billing.operating import STATES
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus, Refund
from cube_demper.ui.format import day, moment

TABS: Final = {
    "waiting": "Ждут подтверждения",
    "paid": "Оплачены",
    "refunded": "Возвраты",
    "open": "Ждут карты",
    "failed": "Не прошли",
}
METHODS: Final = {
    PaymentMethod.CARD: "Карта",
    PaymentMethod.BANK_INVOICE: "Счёт в банке",
    PaymentMethod.KASPI_TRANSFER: "Перевод Kaspi",
    PaymentMethod.BALANCE: "С баланса",
}
PURPOSES: Final = {"subscribe": "подключение", "renew": "продление", "upgrade": "доплата"}
_TONES: Final = {
    PaymentStatus.PAID: "green",
    PaymentStatus.CREATED: "blue",
    PaymentStatus.AUTHORIZED: "blue",
    PaymentStatus.FAILED: "red",
    PaymentStatus.PARTLY_REFUNDED: "amber",
    PaymentStatus.REFUNDED: "amber",
}
_REFUNDS: Final = {
    "requested": "уйдёт на карту за минуту",
    "sent": "отправлен, ждём ответа",
    "done": "возвращено",
    "refused": "банк отказал",
}


@dataclass
class PaymentRow:
    """One line of the list; `id` is the invoice's number."""

    id: str
    at: str
    payer: str
    payer_href: str
    what: str
    what_note: str
    method: str
    amount: str
    amount_note: str
    status: str
    tone: str
    note: str


@dataclass
class PaymentView:
    """The panel of one payment."""

    id: str = ""
    status: str = ""
    tone: str = "gray"
    payer: str = ""
    payer_href: str = ""
    note: str = ""
    can_confirm: bool = False
    can_refund: bool = False
    due: str = ""
    """Whole tenge, for the form."""
    left: str = ""
    today: str = ""
    method: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    refunds: list[tuple[str, str]] = field(default_factory=list)
    confirming: list[tuple[str, str]] = field(default_factory=list)
    refunding: list[tuple[str, str]] = field(default_factory=list)


def payment_row(it: Payment, email: str, now: datetime) -> PaymentRow:
    """Put a payment into words."""
    status = PaymentStatus(it.status)
    is_waiting = it.method in TRANSFERS and status is PaymentStatus.CREATED
    return PaymentRow(
        id=it.invoice_id,
        at=moment(it.paid_at or it.created_at, now=now),
        payer=email,
        payer_href=f"/users/{it.user_id}",
        what=it.plan.upper(),
        what_note=PURPOSES[it.purpose],
        method=METHODS[PaymentMethod(it.method)],
        amount=format_tenge(it.amount - it.from_balance),
        amount_note=_amount_note(it),
        status="Ждёт перевода" if is_waiting else STATES[status].capitalize(),
        tone="amber" if is_waiting else _TONES.get(status, "gray"),
        note=_note(it),
    )


def _amount_note(it: Payment) -> str:
    if it.refunded:
        return f"возвращено {format_tenge(it.refunded)}"
    return f"и с баланса {format_tenge(it.from_balance)}" if it.from_balance else ""


def _note(it: Payment) -> str:
    if it.is_credited:
        return "деньги на балансе: тариф по ним не включался"
    if it.status == PaymentStatus.FAILED:
        return it.failure_words or ""
    return "проверочный платёж" if it.is_test else ""


def payment_view(card: PaymentCard, now: datetime) -> PaymentView:
    """Put everything about a payment into words."""
    it = card.payment
    row = payment_row(it, card.email, now)
    due = it.amount - it.from_balance
    is_settled = it.status in SETTLED
    return PaymentView(
        id=it.invoice_id,
        status=row.status,
        tone=row.tone,
        payer=card.email,
        payer_href=row.payer_href,
        note=row.note,
        can_confirm=it.method in TRANSFERS and not is_settled,
        can_refund=card.left > 0,
        due=str(due // TIYN_IN_TENGE),
        left=str(card.left // TIYN_IN_TENGE),
        today=now.astimezone(ALMATY).date().isoformat(),
        method=it.method,
        facts=_facts(it, row, now),
        refunds=[(moment(one.created_at, now=now), _refund(one)) for one in card.refunds],
        confirming=[
            ("В счёте", format_tenge(due)),
            ("Тариф", f"{row.what}, {row.what_note}"),
            ("Включится", "сразу, владелец получит письмо"),
        ],
        refunding=_refunding(card),
    )


def _facts(it: Payment, row: PaymentRow, now: datetime) -> list[tuple[str, str]]:
    facts = [
        ("Сумма", format_tenge(it.amount)),
        ("Тариф", f"{row.what}, {row.what_note}"),
        ("Способ", row.method),
        ("Создан", moment(it.created_at, now=now)),
    ]
    if it.from_balance:
        facts.insert(1, ("Из них с баланса", format_tenge(it.from_balance)))
    if it.paid_at:
        facts.append(("Оплачен", moment(it.paid_at, now=now)))
    if it.service_from and it.service_to:
        facts.append(("За дни", f"{day(it.service_from)} – {day(it.service_to)}"))
    if it.status == PaymentStatus.CREATED and it.expires_at:
        facts.append(("Оплатить до", moment(it.expires_at, now=now)))
    if it.gateway_transaction_id:
        facts.append(("Операция", it.gateway_transaction_id))
    return facts


def _refund(it: Refund) -> str:
    words = f"{format_tenge(it.amount)}: {_REFUNDS[it.status]}"
    reason = it.failure_words or it.reason
    return f"{words}. {reason}" if reason else words


def _refunding(card: PaymentCard) -> list[tuple[str, str]]:
    to_balance = card.left - card.left_by_money
    where = "на карту" if card.payment.method == PaymentMethod.CARD else "переводом, вручную"
    facts = [("Можно вернуть", format_tenge(card.left))]
    if card.left_by_money:
        facts.append((f"Из них {where}", format_tenge(card.left_by_money)))
    if to_balance:
        facts.append(("Из них на баланс", format_tenge(to_balance)))
    return facts
