"""Payouts as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cube_demper.core.money import TIYN_IN_TENGE, floor_to_tenge, format_tenge
from cube_demper.domain.partners.payee import Payee
from cube_demper.domain.partners.schemas import Balance, PayoutRow
from cube_demper.domain.partners.words import PAYOUT_WORDS, sentence
from cube_demper.ui.format import moment

TONES: Final = {"requested": "blue", "approved": "blue", "paid": "green", "refused": "red"}


@dataclass
class PayoutView:
    """One line."""

    id: str
    at: str
    amount: str
    amount_note: str
    account: str
    status: str
    tone: str
    why: str


@dataclass
class Wallet:
    """What there is to ask for, and what stands against it."""

    payable: str = ""
    most: str = ""
    """Whole tenge, for the form."""
    least: str = ""
    held: str = ""
    asked: str = ""
    paid: str = ""
    obstacle: str = ""
    """Why nothing can be asked for now; empty: it can."""
    payee_name: str = ""
    account: str = ""
    """Of the last request, its middle hidden; empty: none was named yet."""


def payout_view(it: PayoutRow, now: datetime) -> PayoutView:
    """Put a payout into words."""
    return PayoutView(
        id=str(it.id),
        at=moment(it.requested_at, now=now),
        amount=format_tenge(it.amount),
        amount_note="",
        account=f"счёт •••{it.account_end}",
        status=PAYOUT_WORDS[it.status],
        tone=TONES[it.status],
        why=_why(it, now),
    )


def _why(it: PayoutRow, now: datetime) -> str:
    if it.status == "paid":
        note = f", {it.bank_note}" if it.bank_note else ""
        return f"отправлено {moment(it.closed_at, now=now)}{note}"
    if it.status == "refused":
        return f"{sentence(it.reason)} Сумма снова на счету."
    if it.status == "approved":
        return "перевод готовится, обычно до трёх рабочих дней"
    if it.not_before is not None and it.not_before > now:
        return f"счёт новый, ждём до {moment(it.not_before, now=now)}: вдруг его указали не вы"
    return "проверяем, обычно в течение рабочего дня"


def wallet(it: Balance, least: int, payee: Payee | None) -> Wallet:
    """Put the money into words."""
    return Wallet(
        payable=format_tenge(it.payable),
        most=str(max(0, floor_to_tenge(it.payable)) // TIYN_IN_TENGE),
        least=format_tenge(least),
        held=format_tenge(it.held + it.doubted),
        asked=format_tenge(it.asked) if it.asked else "",
        paid=format_tenge(it.paid),
        obstacle=_obstacle(it, least),
        payee_name=payee.name if payee else "",
        account=f"{payee.iban[:4]}•••{payee.iban[-4:]}, ИИН/БИН •••{payee.tax_id[-4:]}"
        if payee
        else "",
    )


def _obstacle(it: Balance, least: int) -> str:
    if it.asked:
        return "Заявка уже подана. Новую можно подать, когда по ней ответят."
    if it.payable < 0:
        return (
            f"После выплаты были возвраты на {format_tenge(-it.payable)}:"
            " следующие комиссии сначала закроют эту сумму."
        )
    if it.payable < least:
        lacking = format_tenge(least - it.payable)
        return f"До наименьшей выплаты, {format_tenge(least)}, не хватает {lacking}."
    return ""
