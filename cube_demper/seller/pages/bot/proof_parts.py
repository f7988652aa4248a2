"""The card «Цены на витрине»: the honest figure, and the list of prices that were not shown."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.proof import NotShownRow
from cube_demper.seller.pages.bot.state import BotState
from cube_demper.ui.actions import text_link
from cube_demper.ui.browser import js_function, run
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.statuses import badge

PROOF_ANCHOR = "proof"
_PROOF = BotState.proof


def proof_card() -> rx.Component:
    """Show how soon the chosen store's prices are seen in the window."""
    return rx.cond(
        _PROOF.is_known,
        rx.el.div(
            card(
                rx.el.div(
                    rx.el.p(rx.el.b(_PROOF.usual), style={"margin": "0"}),
                    rx.el.p(_PROOF.note, class_name="k-note", style={"margin": "2px 0 0"}),
                    style={"padding": "12px 16px"},
                ),
                rx.cond(_PROOF.rows.length() > 0, _not_shown()),
                title=tr("Цены на витрине"),
                note=rx.cond(
                    _PROOF.count, badge(_PROOF.count, "red"), badge(tr("все показаны"), "green")
                ),
                flush=True,
            ),
            id=PROOF_ANCHOR,
            on_mount=run(js_function("anchor", "showAnchor"), PROOF_ANCHOR),
            style={"scrollMarginTop": "72px"},
        ),
    )


def _not_shown() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            tr("Kaspi принял эти цены, но не показал. Проверьте товары в кабинете:"),
            class_name="k-second",
            style={"padding": "0 16px 8px", "margin": "0"},
        ),
        rx.el.ul(rx.foreach(_PROOF.rows, _line), class_name="k-lines-list"),
    )


def _line(item: Any) -> rx.Component:
    row: NotShownRow = item
    return rx.el.li(
        rx.el.div(
            text_link(row.name, row.link),
            rx.el.span(row.note, class_name="k-note"),
            class_name="k-lines",
        ),
        rx.el.span(row.price, class_name="k-push", style={"whiteSpace": "nowrap"}),
        class_name="k-line",
    )
