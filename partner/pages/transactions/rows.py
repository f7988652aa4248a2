"""Lines of the account as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.partners.masking import masked_mail
from cube_demper.domain.partners.schemas import Entry
from cube_demper.domain.partners.words import KIND_WORDS, doubts_in_words, status_in_words
from cube_demper.ui.format import day, moment, signed_tenge

TABS = {"commission": "Комиссии", "take_back": "Возвраты", "payout": "Выплаты"}
_TONES = {"held": "blue", "doubted": "amber", "released": "green", "denied": "red"}


@dataclass
class EntryRow:
    """One line."""

    id: str
    at: str
    kind: str
    who: str
    amount: str
    amount_note: str
    is_minus: bool
    status: str
    tone: str
    why: str


def entry_row(it: Entry, now: datetime) -> EntryRow:
    """Put a line of the account into words."""
    base = f"{it.percent}\u00a0% от {format_tenge(it.base)}" if it.base else ""
    is_payout = it.kind.startswith("payout")
    return EntryRow(
        id=str(it.id),
        at=moment(it.at, now=now),
        kind=KIND_WORDS[it.kind],
        who="" if is_payout else masked_mail(it.email),
        amount=signed_tenge(it.amount),
        amount_note=base,
        is_minus=it.amount < 0,
        status="" if is_payout else status_in_words(it.kind, it.status),
        tone="gray" if it.kind == "take_back" else _TONES[it.status],
        why=_why(it),
    )


def _why(it: Entry) -> str:
    if it.status == "held" and it.hold_until:
        return f"до {day(it.hold_until)}, пока клиент может вернуть деньги"
    if it.status == "doubted":
        return doubts_in_words(it.doubts) or "решает сотрудник"
    if it.status == "denied" and not it.note:
        return doubts_in_words(it.doubts)
    if it.base == 0:
        return "оплачено с баланса клиента, а комиссия — с денег"
    return it.note
