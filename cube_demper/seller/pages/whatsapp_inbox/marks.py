"""How far a message of ours came: one sign a status, with its word for those who do not see it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.i18n import tr

_SIGNS = {
    "waiting": ("clock", "Ждёт", ""),
    "sending": ("clock", "Отправляем", ""),
    "sent": ("check", "Отправлено", ""),
    "delivered": ("check-check", "Доставлено", ""),
    "read": ("check-check", "Прочитано", "read"),
    "failed": ("circle-x", "Не ушло", "bad"),
    "dropped": ("circle-minus", "Не отправлено", "bad"),
    "unknown": ("circle-help", "Неизвестно, дошло ли", "doubt"),
}


def mark(status: Any) -> rx.Component:
    """Show the sign of a status."""
    cases: list[Any] = [(code, _sign(*it)) for code, it in _SIGNS.items()]
    return rx.match(status, *cases, rx.fragment())


def _sign(icon: str, words: str, tone: str) -> rx.Component:
    return rx.el.span(
        rx.icon(icon, size=14, aria_hidden="true"),
        rx.el.span(tr(words), class_name="k-unseen"),
        class_name="k-ack",
        custom_attrs={"title": tr(words), "data-tone": tone},
    )
