"""Addresses as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cube_demper.domain.proxies.schemas import ProxyLine
from cube_demper.ui.format import age

TABS: Final = {
    "failing": "Не работают",
    "ok": "Работают",
    "unused": "Ещё не пробовали",
    "free": "Общий запас",
    "allotted": "Закреплены",
    "off": "Выключены",
}
_STATES: Final = {
    "ok": ("Работает", "green"),
    "failing": ("Не работает", "red"),
    "unused": ("Не пробовали", "blue"),
    "off": ("Выключен", "gray"),
}


@dataclass
class ProxyRow:
    """One address."""

    id: str
    label: str
    state: str
    tone: str
    owner: str
    owner_note: str
    ok: str
    error: str
    error_note: str
    is_enabled: bool
    is_allotted: bool


def proxy_row(it: ProxyLine, now: datetime) -> ProxyRow:
    """Put an address into words."""
    word, tone = _STATES[it.state]
    return ProxyRow(
        id=str(it.id),
        label=it.label,
        state=word,
        tone=tone,
        owner=it.email or "общий запас",
        owner_note=f"закреплён {age(it.allotted_at, now)}" if it.allotted_at else "",
        ok=age(it.last_ok_at, now) if it.last_ok_at else "—",
        error=it.last_error or "—",
        error_note=age(it.last_error_at, now) if it.last_error_at else "",
        is_enabled=it.state != "off",
        is_allotted=bool(it.email),
    )
