"""Numbers that answer at a glance and open the list behind them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.statuses import Tone


def stat_tile(
    label: Text,
    value: Any,
    *,
    icon: str | None = None,
    of: Any = None,
    change: Text | None = None,
    tone: Tone | rx.Var[str] = "gray",
    note: Any = None,
    href: Text | None = None,
) -> rx.Component:
    """Show one number.

    Args:
        label: what it is.
        value: the number as text.
        icon: of the label.
        of: small text after the value («из 748», «14,3 %»).
        change: «+18», with its `tone`: green is good news whatever the sign.
        tone: colour of the change.
        note: after the change («за сутки»), or `live_value.age`.
        href: the list that the number counts.
    """
    head = rx.el.span(
        rx.icon(icon, size=16, aria_hidden="true") if icon else rx.fragment(),
        rx.el.span(label),
        rx.icon("arrow-up-right", size=14, class_name="k-push", aria_hidden="true")
        if href is not None
        else rx.fragment(),
        class_name="k-tile-head",
    )
    body = rx.el.span(
        rx.el.span(value, class_name="k-tile-value"),
        rx.el.span(of, class_name="k-tile-of") if of is not None else rx.fragment(),
        class_name="k-tile-line",
    )
    under = rx.el.span(
        rx.el.b(change, custom_attrs={"data-tone": tone}) if change is not None else rx.fragment(),
        rx.el.span(note) if note is not None else rx.fragment(),
        class_name="k-tile-under",
    )
    if href is None:
        return rx.el.div(head, body, under, class_name="k-card k-tile")
    return rx.link(head, body, under, href=href, class_name="k-card k-tile", underline="none")


def tiles(*items: rx.Component) -> rx.Component:
    """Put tiles in a line of equal widths, two in a line on a phone."""
    return rx.el.div(*items, class_name="k-tiles")


def fact_strip(*items: tuple[Text, Any, Any]) -> rx.Component:
    """Put several numbers in one frame: (label, value, note) each."""
    return rx.el.dl(
        *(
            rx.el.div(
                rx.el.dt(label),
                rx.el.dd(value, class_name="k-strip-value"),
                rx.el.dd(note, class_name="k-note"),
            )
            for label, value, note in items
        ),
        class_name="k-card k-strip",
    )


def meter(label: Text, value: Any, percent: rx.Var[Any], *, tone: Any = "blue") -> rx.Component:
    """Show how much of a limit is used: words, numbers and a bar (0–100)."""
    return rx.el.div(
        rx.el.div(rx.el.span(label), rx.el.span(value, class_name="k-second k-push")),
        rx.el.div(
            rx.el.div(style={"width": f"{percent}%"}),
            class_name="k-meter-bar",
            aria_hidden="true",
            custom_attrs={"data-tone": tone},
        ),
        class_name="k-meter",
    )


def progress_bar(percent: rx.Var[Any], label: Text) -> rx.Component:
    """Show how far long work has come (0–100)."""
    return rx.el.div(
        rx.el.div(style={"width": f"{percent}%"}),
        class_name="k-meter-bar",
        role="progressbar",
        aria_label=label,
        custom_attrs={
            "aria-valuenow": percent,
            "aria-valuemin": 0,
            "aria-valuemax": 100,
            "data-tone": "blue",
        },
    )
