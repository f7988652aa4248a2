"""What stands where content is not: empty, loading, error, locked. Each says the next step."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text, button
from cube_demper.ui.i18n import tr


def _state(
    icon: str, tone: str, title: Text, text: Text | rx.Component | None, *more: Any
) -> rx.Component:
    return rx.el.div(
        rx.el.span(rx.icon(icon, size=20, aria_hidden="true"), class_name=f"k-disc {tone}"),
        rx.el.p(title, class_name="k-strong"),
        rx.el.p(text, class_name="k-second") if text is not None else rx.fragment(),
        *more,
        class_name="k-state",
    )


def empty_state(
    title: Text,
    text: Text | rx.Component | None = None,
    *actions: rx.Component,
    icon: str = "inbox",
) -> rx.Component:
    """Say that there is nothing, why, and what to do next."""
    return _state(icon, "gray", title, text, rx.el.div(*actions, class_name="k-row"))


def error_state(
    text: Text | None = None,
    *,
    on_retry: Any = None,
    title: Text | None = None,
    error_id: Text | None = None,
) -> rx.Component:
    """Say what happened and offer to try again; `error_id` is what to quote to support."""
    again = rx.fragment()
    if on_retry is not None:
        again = button(tr("Повторить"), icon="refresh-cw", on_click=on_retry)
    quoted = rx.fragment()
    if error_id is not None:
        quoted = rx.cond(
            error_id, rx.el.p(tr("Номер для поддержки:"), " ", error_id, class_name="k-note")
        )
    return rx.el.div(
        _state(
            "cloud-alert",
            "red",
            title if title is not None else tr("Не удалось загрузить"),
            text if text is not None else tr("Данные на месте, их не получилось показать."),
            again,
            quoted,
        ),
        role="alert",
    )


def skeleton(lines: int = 3, *, height: str = "14px") -> rx.Component:
    """Show gray lines where text will be."""
    bones = (
        rx.el.span(class_name="k-bone", style={"--w": f"{95 - (n * 17) % 45}%", "height": height})
        for n in range(lines)
    )
    return rx.el.div(*bones, class_name="k-bones", aria_hidden="true")


def when_ready(
    phase: rx.Var[str],
    content: rx.Component,
    *,
    waiting: rx.Component | None = None,
    on_retry: Any = None,
    error_text: Text | None = None,
) -> rx.Component:
    """Choose by phase: "loading", "ready" or "error"."""
    return rx.match(
        phase,
        ("ready", content),
        ("error", error_state(error_text, on_retry=on_retry)),
        waiting if waiting is not None else skeleton(),
    )


def notice(
    title: Text, text: Text | rx.Component | None = None, *actions: rx.Component, tone: str = "blue"
) -> rx.Component:
    """Say something above content: blue = know, amber = needs you, red = broken or money at risk."""
    icons = {"blue": "info", "amber": "triangle-alert", "red": "octagon-alert", "green": "check"}
    return rx.el.div(
        rx.icon(icons[tone], size=18, aria_hidden="true"),
        rx.el.div(
            rx.el.p(title, class_name="k-strong"),
            rx.el.p(text) if text is not None else rx.fragment(),
        ),
        rx.el.div(*actions, class_name="k-push k-row") if actions else rx.fragment(),
        class_name=f"k-notice {tone}",
        role="status",
    )
