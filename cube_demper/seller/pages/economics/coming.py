"""The notice ahead: which figures soon change, and what it does to the goods."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.economics.coming_state import ComingState, FallenRow, FigureChangeRow
from cube_demper.ui.actions import text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card


def coming_card() -> rx.Component:
    """Show what changes within a month; nothing while nothing does."""
    coming = ComingState.coming
    return rx.cond(
        coming.title != "",
        card(
            rx.el.p(coming.effect, class_name="k-strong"),
            rx.cond(coming.note != "", rx.el.p(coming.note, class_name="k-note")),
            rx.el.ul(rx.foreach(coming.figures, _figure), class_name="k-sums"),
            rx.cond(
                coming.fallen.length() > 0,
                rx.fragment(
                    rx.el.h3(tr("Уйдут в минус"), class_name="k-form-part"),
                    rx.el.ul(rx.foreach(coming.fallen, _fallen), class_name="k-sums"),
                ),
            ),
            title=coming.title,
            action=rx.icon("calendar-clock", size=16, aria_hidden="true"),
        ),
    )


def _figure(item: Any) -> rx.Component:
    row: FigureChangeRow = item
    return rx.el.li(
        rx.el.div(rx.el.span(row.name), rx.el.span(row.since, class_name="k-under")),
        rx.el.b(row.now, " → ", row.later),
    )


def _fallen(item: Any) -> rx.Component:
    row: FallenRow = item
    return rx.el.li(
        rx.el.div(text_link(row.name, row.link)),
        rx.el.b(row.profit, style={"color": "var(--red-11)"}),
    )
