"""Payouts as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.partners.schemas import OperatorPayout
from cube_demper.domain.partners.words import PAYOUT_WORDS
from cube_demper.ui.format import age, moment

TABS: Final = {
    "requested": "Новые",
    "approved": "К оплате",
    "paid": "Выплачены",
    "refused": "Отказы",
}
_TONES: Final = {"requested": "amber", "approved": "blue", "paid": "green", "refused": "gray"}


@dataclass
class PayoutRow:
    """One line."""

    id: str
    at: str
    at_note: str
    partner: str
    partner_href: str
    amount: str
    amount_note: str
    payee: str
    payee_note: str
    status: str
    tone: str
    note: str
    can_approve: bool
    can_pay: bool
    can_refuse: bool


@dataclass
class PayoutForm:
    """What is about to be done to a payout: «approve», «pay», «refuse» or nothing."""

    deed: str = ""
    id: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def payout_row(it: OperatorPayout, now: datetime) -> PayoutRow:
    """Put a payout into words."""
    row = it.row
    name, _, rest = it.payee.partition(", ")
    return PayoutRow(
        id=str(row.id),
        at=moment(row.requested_at, now=now),
        at_note=age(row.requested_at, now) if row.closed_at is None else "",
        partner=it.partner,
        partner_href=f"/partners?q={it.partner}",
        amount=format_tenge(row.amount),
        amount_note="",
        payee=name,
        payee_note=rest,
        status=PAYOUT_WORDS[row.status],
        tone=_TONES[row.status],
        note=_note(it, now),
        can_approve=row.status == "requested",
        can_pay=row.status == "approved",
        can_refuse=row.status in ("requested", "approved"),
    )


def _note(it: OperatorPayout, now: datetime) -> str:
    row = it.row
    if row.status == "paid":
        note = f", {row.bank_note}" if row.bank_note else ""
        return f"{moment(row.closed_at, now=now)}{note}"
    return row.reason


def payout_form(deed: str, row: PayoutRow) -> PayoutForm:
    """Say what a deed is about, in numbers."""
    return PayoutForm(
        deed,
        row.id,
        [
            ("Партнёр", row.partner),
            ("Сумма", row.amount),
            ("Получатель", row.payee),
            ("Реквизиты", row.payee_note),
        ],
    )
