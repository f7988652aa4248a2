"""People as lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from admin.words import PLANS, ROLE_TONES, ROLES
from cube_demper.domain.accounts.directory_schemas import PersonRow
from cube_demper.domain.accounts.schemas import Role
from cube_demper.models.billing import Plan
from cube_demper.ui.format import age, counted, day


@dataclass
class PersonLine:
    """One line of the list."""

    id: str
    name: str
    email: str
    state: str
    tone: str
    plan: str
    plan_note: str
    stores: str
    came: str
    came_note: str
    seen: str


def person_line(it: PersonRow, now: datetime) -> PersonLine:
    """Put a person into a line."""
    state, tone = _state(it)
    return PersonLine(
        id=str(it.id),
        name="Удалённый пользователь" if it.is_deleted else it.name or it.email,
        email=it.email if it.name else "",
        state=state,
        tone=tone,
        plan=PLANS[Plan(it.plan)] if it.role is Role.USER and not it.is_deleted else "—",
        plan_note=_plan_note(it, now),
        stores=counted(it.stores, "магазин", "магазина", "магазинов") if it.stores else "—",
        came=day(it.created_at),
        came_note="" if it.is_confirmed or it.is_deleted else "почта не подтверждена",
        seen=age(it.last_seen_at, now) if it.last_seen_at else "—",
    )


def _state(it: PersonRow) -> tuple[str, str]:
    if it.is_deleted:
        return "Удалён", "gray"
    if it.is_blocked:
        return "Заблокирован", "red"
    if it.role is not Role.USER:
        return ROLES[it.role], ROLE_TONES[it.role]
    return "Работает", "green"


def _plan_note(it: PersonRow, now: datetime) -> str:
    if it.is_deleted or it.plan_ends_at is None or it.plan == Plan.FREE:
        return ""
    until = day(it.plan_ends_at)
    if it.plan_ends_at <= now:
        return "не оплачен, отсрочка"
    return f"пробный до {until}" if it.is_trial else f"до {until}"
