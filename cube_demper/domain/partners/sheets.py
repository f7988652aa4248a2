"""A partner's lists as rows of a file. Pure; whoever writes the file makes formulas harmless."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.partners.masking import masked_mail, masked_name
from cube_demper.domain.partners.schemas import Entry, LeadFacts
from cube_demper.domain.partners.words import (
    KIND_WORDS,
    STAGE_WORDS,
    doubts_in_words,
    status_in_words,
)

Cell = str | int | float | None
ENTRY_HEADINGS: Final = (
    "Дата", "Операция", "Состояние", "Сумма, ₸", "Оплачено клиентом, ₸", "Доля, %", "Удержание до",
    "Клиент", "Кампания", "Пояснение",
)  # fmt: skip
ENTRY_WIDTHS: Final = (17, 20, 16, 12, 18, 10, 17, 28, 20, 40)
LEAD_HEADINGS: Final = (
    "Клиент", "Почта", "Кампания", "Переход", "Регистрация", "Почта подтверждена", "Магазин подключён",
    "Первая оплата", "Статус", "Оплачено, ₸", "Начислено, ₸", "Возвраты, ₸", "Зачислено, ₸",
)  # fmt: skip
LEAD_WIDTHS: Final = (20, 28, 20, 17, 17, 20, 18, 17, 22, 14, 14, 14, 14)


def entry_row(it: Entry) -> tuple[Cell, ...]:
    """Return a line of the account."""
    why = f"На проверке: {doubts_in_words(it.doubts)}" if it.status == "doubted" else it.note
    return (
        _moment(it.at),
        KIND_WORDS[it.kind],
        "" if it.kind.startswith("payout") else status_in_words(it.kind, it.status),
        _tenge(it.amount),
        None if it.base is None else _tenge(it.base),
        it.percent,
        _moment(it.hold_until),
        masked_mail(it.email),
        it.campaign,
        why,
    )


def lead_row(it: LeadFacts, stage: str) -> tuple[Cell, ...]:
    """Return a lead."""
    return (
        masked_name(it.name),
        masked_mail(it.email),
        it.campaign,
        _moment(it.clicked_at),
        _moment(it.signed_up_at),
        _moment(it.confirmed_at),
        _moment(it.store_at),
        _moment(it.paid_first_at),
        STAGE_WORDS[stage],
        _tenge(it.paid),
        _tenge(it.accrued),
        _tenge(it.taken_back),
        _tenge(it.released),
    )


def _tenge(tiyn: int) -> float | int:
    whole, rest = divmod(tiyn, TIYN_IN_TENGE)
    return tiyn / TIYN_IN_TENGE if rest else whole


def _moment(when: datetime | None) -> str:
    return f"{when.astimezone(ALMATY):%d.%m.%Y %H:%M}" if when else ""
