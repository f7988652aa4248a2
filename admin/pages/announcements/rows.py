"""Announcements as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidFields
from cube_demper.domain.announcements.service import Draft
from cube_demper.models.billing import Plan
from cube_demper.models.steering import Announcement, AnnouncementTone
from cube_demper.ui.format import moment, number

TONES: Final = (("blue", "К сведению"), ("amber", "Важно"), ("red", "Авария"))
PLANS: Final = (("", "Все"), ("free", "FREE"), ("basic", "BASIC"), ("pro", "PRO"))
_AUDIENCE: Final = {"": "всем", "free": "тариф FREE", "basic": "тариф BASIC", "pro": "тариф PRO"}


@dataclass
class AnnouncementRow:
    """One line."""

    id: str
    title: str
    body: str
    audience: str
    span: str
    span_note: str
    told: str
    told_note: str
    state: str
    tone: str
    can_withdraw: bool


def announcement_row(it: Announcement, read: int, now: datetime) -> AnnouncementRow:
    """Put an announcement into words."""
    state, tone = _state(it, now)
    return AnnouncementRow(
        id=str(it.id),
        title=it.title,
        body=it.body,
        audience=_AUDIENCE[it.plan or ""],
        span=f"с {moment(it.starts_at, now=now)}",
        span_note=f"до {moment(it.ends_at, now=now)}",
        told=number(it.told) if it.told_at else "—",
        told_note=f"прочли {number(read)}" if it.told_at else "",
        state=state,
        tone=tone,
        can_withdraw=it.withdrawn_at is None and it.ends_at > now,
    )


def _state(it: Announcement, now: datetime) -> tuple[str, str]:
    if it.withdrawn_at is not None:
        return "Снято", "gray"
    if it.ends_at <= now:
        return "Закончилось", "gray"
    return ("Показывается", "green") if it.starts_at <= now else ("Запланировано", "blue")


def read_draft(form: dict[str, str], now: datetime) -> Draft:
    """Read the form: days of Almaty, whole. Raises InvalidFields."""
    faults: dict[str, str] = {}
    days: dict[str, date] = {}
    for name in ("starts", "ends"):
        try:
            days[name] = date.fromisoformat(form.get(name, ""))
        except ValueError:
            faults[name] = "Выберите день."
    if faults:
        raise InvalidFields(faults)
    begins = datetime.combine(days["starts"], time(), ALMATY)
    plan, tone = form.get("plan", ""), form.get("tone", "")
    return Draft(
        title=form.get("title", ""),
        body=form.get("body", ""),
        starts_at=max(begins, now),
        ends_at=datetime.combine(days["ends"], time(), ALMATY) + timedelta(days=1),
        plan=Plan(plan) if plan in list(Plan) else None,
        tone=AnnouncementTone(tone) if tone in list(AnnouncementTone) else AnnouncementTone.INFO,
        link=form.get("link", ""),
    )
