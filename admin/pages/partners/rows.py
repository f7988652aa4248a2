"""Partners as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.partners.administration import PartnerLine
from cube_demper.ui.format import age, number

TABS: Final = {"open": "Работают", "blocked": "Доступ закрыт"}


@dataclass
class PartnerRow:
    """One line."""

    id: str
    name: str
    mail: str
    percent: str
    percent_note: str
    leads: str
    leads_note: str
    paying: str
    paying_note: str
    earned: str
    earned_note: str
    payable: str
    payable_note: str
    state: str
    tone: str
    seen: str
    is_blocked: bool


@dataclass
class PartnerForm:
    """A partner being made or changed; `id` empty: a new one."""

    is_open: bool = False
    id: str = ""
    name: str = ""
    mail: str = ""
    percent: str = "20"
    is_blocked: bool = False
    obstacle: str = ""
    """Why they cannot be deleted; empty: they can."""
    facts: list[tuple[str, str]] = field(default_factory=list)


def partner_row(it: PartnerLine, now: datetime) -> PartnerRow:
    """Put a partner into words."""
    waiting = it.held + it.doubted
    return PartnerRow(
        id=str(it.id),
        name=it.full_name or it.email,
        mail=it.email if it.full_name else "",
        percent=f"{it.percent}\u00a0%",
        percent_note=it.code,
        leads=number(it.leads),
        leads_note=f"переходов {number(it.clicks)}",
        paying=number(it.paying),
        paying_note=f"сейчас {number(it.active)}" if it.paying else "",
        earned=format_tenge(it.earned),
        earned_note=f"ждут {format_tenge(waiting)}" if waiting else "",
        payable=format_tenge(it.payable),
        payable_note="",
        state="Доступ закрыт" if it.is_blocked else "Работает",
        tone="gray" if it.is_blocked else "green",
        seen=f"заходил {age(it.last_seen_at, now)}" if it.last_seen_at else "ещё не заходил",
        is_blocked=it.is_blocked,
    )


def partner_form(row: PartnerRow, obstacle: str) -> PartnerForm:
    """Open the form of a partner."""
    return PartnerForm(
        is_open=True,
        id=row.id,
        name=row.name if row.mail else "",
        mail=row.mail or row.name,
        percent=row.percent.split("\u00a0", maxsplit=1)[0],
        is_blocked=row.is_blocked,
        obstacle=obstacle,
        facts=[
            ("Клиенты", f"{row.leads}, оплатили {row.paying}"),
            ("Переходы за 30 дней", row.leads_note.removeprefix("переходов ")),
            ("Начислено", row.earned),
            ("К выплате", row.payable),
        ],
    )
