"""The log as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin.words import ROLES
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.audit.reading import Record
from cube_demper.domain.audit.words import words_of
from cube_demper.ui.format import exact_time, moment

_NOBODY = {"system": "Система", "nobody": "Не вошедший", "partner": "Партнёр"}


@dataclass
class Entry:
    """One line of the log."""

    id: str
    at: str
    at_note: str
    who: str
    who_note: str
    action: str
    action_note: str
    about: str
    href: str
    change: str
    more: str
    ip: str


def entry_row(it: Record, now: datetime) -> Entry:
    """Put an entry into a line."""
    entry = it.entry
    role = entry.actor_role
    return Entry(
        id=str(entry.id),
        at=moment(entry.created_at, now=now),
        at_note=exact_time(entry.created_at),
        who=it.behind or it.who or _NOBODY.get(role, role),
        who_note=f"под {it.who}" if it.behind else (_role(role) if it.who else ""),
        action=words_of(entry.action),
        action_note=entry.action,
        about=it.owner or (f"{entry.entity} {entry.entity_id}".strip()),
        href=f"/users/{entry.owner_id}" if entry.owner_id else "",
        change=_change(entry.before, entry.after),
        more=_pairs(entry.details),
        ip=entry.ip,
    )


def _role(role: str) -> str:
    return ROLES[Role(role)] if role in ROLES else ""


def _change(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    """Say what was and what is: «role: user → admin»."""
    old, new = before or {}, after or {}
    names = [it for it in {**old, **new} if old.get(it) != new.get(it)]
    return "; ".join(f"{it}: {_value(old, it)} → {_value(new, it)}" for it in names)


def _value(values: dict[str, Any], name: str) -> str:
    return _text(values[name]) if name in values else "—"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    return str(value)[:200]


def _pairs(details: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {_text(value)}" for name, value in details.items() if value != "")
