"""The log as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from admin.words import ROLES
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.audit.field_words import MONEY, code_words, name_of, thing_of
from cube_demper.domain.audit.reading import Record
from cube_demper.domain.audit.words import words_of
from cube_demper.ui.format import exact_time, moment

_LONGEST: Final = 200
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$")
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


def entry_row(it: Record, now: datetime) -> Entry:
    """Put an entry into a line."""
    entry = it.entry
    role = entry.actor_role
    return Entry(
        id=str(entry.id),
        at=moment(entry.created_at, now=now),
        at_note=exact_time(entry.created_at),
        who=it.behind or it.who or _NOBODY.get(role, role),
        who_note=" · ".join(part for part in (_who_note(it), entry.ip) if part),
        action=words_of(entry.action),
        action_note=thing_of(entry.entity),
        about=it.owner or entry.entity_id,
        href=f"/users/{entry.owner_id}" if entry.owner_id else "",
        change=_change(entry.before, entry.after),
        more=_pairs(entry.details),
    )


def _who_note(it: Record) -> str:
    role = it.entry.actor_role
    if it.behind:
        return f"под {it.who}"
    return ROLES[Role(role)] if it.who and role in ROLES else ""


def _change(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    """Say what was and what is: «роль: продавец → администратор»."""
    old, new = before or {}, after or {}
    names = [it for it in {**old, **new} if old.get(it) != new.get(it)]
    return "; ".join(
        f"{name_of(it)}: {_value(it, old.get(it))} → {_value(it, new.get(it))}" for it in names
    )


def _pairs(details: dict[str, Any]) -> str:
    """Say the rest; what a change of goods keeps as «old» and «new» is a change as well."""
    rest = {name: it for name, it in details.items() if it not in ("", None)}
    old, new = rest.pop("old", None), rest.pop("new", None)
    said = [f"{name_of(name)}: {_value(name, it)}" for name, it in rest.items()]
    changed = _change(_flat(old), _flat(new))
    return "; ".join(([changed] if changed else []) + said)


def _flat(values: Any) -> dict[str, Any]:
    return values if isinstance(values, dict) else {}


def _value(name: str, value: Any) -> str:
    """Say one value; of a list of goods, how many there are."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int) and name in MONEY:
        return format_tenge(value)
    if isinstance(value, dict):
        inner = [f"{name_of(key)} {_value(key, it)}" for key, it in value.items()]
        return ", ".join(inner)[:_LONGEST] or "—"
    if isinstance(value, list):
        is_goods = bool(value) and isinstance(value[0], dict)
        listed = str(len(value)) if is_goods else ", ".join(_value(name, it) for it in value)
        return listed[:_LONGEST] or "—"
    return _text(name, str(value))


def _text(name: str, text: str) -> str:
    """Say a code in words and a moment as time; a text is itself."""
    if _MOMENT.match(text):
        return moment(datetime.fromisoformat(text))
    return code_words(name, text)[:_LONGEST]
