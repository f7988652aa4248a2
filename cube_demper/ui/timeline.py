"""What happened, newest first: time at the left, a sign, a title and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text

ICONS = {
    "down": ("arrow-down", "green"),
    "up": ("arrow-up", "blue"),
    "hold": ("equal", "gray"),
    "floor": ("lock", "amber"),
    "trouble": ("triangle-alert", "red"),
    "wait": ("clock", "gray"),
    "done": ("check", "green"),
    "person": ("user", "gray"),
    "start": ("play", "gray"),
}


def sign(code: rx.Var[str] | str) -> rx.Component:
    """Show the sign of an entry: one of `ICONS`."""

    def disc(icon: str, tone: str) -> rx.Component:
        return rx.el.span(
            rx.icon(icon, size=12, aria_hidden="true"),
            class_name="k-sign",
            custom_attrs={"data-tone": tone},
        )

    if isinstance(code, str):
        return disc(*ICONS[code])
    return rx.match(
        code, *((key, disc(*shown)) for key, shown in ICONS.items()), disc("dot", "gray")
    )


def timeline_item(
    time: Text,
    title: Text | rx.Component,
    *,
    code: rx.Var[str] | str = "hold",
    value: Text | rx.Component | None = None,
    text: Text | rx.Component | None = None,
    note: Text | rx.Component | None = None,
) -> rx.Component:
    """Make one entry: «14:02 ↓ Снизили цену 34 990 → 34 480 ₸», an explanation, a quiet note."""
    return rx.el.li(
        rx.el.span(time, class_name="k-time"),
        sign(code),
        rx.el.div(
            rx.el.p(
                rx.el.span(title, class_name="k-strong"),
                rx.el.span(value, class_name="k-second") if value is not None else rx.fragment(),
                class_name="k-event",
            ),
            rx.el.p(text) if text is not None else rx.fragment(),
            rx.el.p(note, class_name="k-note") if note is not None else rx.fragment(),
        ),
    )


def timeline(entries: rx.Var[list[Any]], item: Callable[[Any], rx.Component]) -> rx.Component:
    """List entries; `item` makes a `timeline_item` of each."""
    return rx.el.ol(rx.foreach(entries, item), class_name="k-timeline")
