"""The notice of a held fall, the card of a price war, and the question before anything happens."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.product.guards.rows import HeldView
from cube_demper.seller.pages.product.guards.state import GuardState
from cube_demper.ui.actions import button
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list, row
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import badge


def held_notices() -> rx.Component:
    """Show every fall that waits for consent, with its numbers."""
    return rx.foreach(GuardState.held, _held)


def _held(item: Any) -> rx.Component:
    held: HeldView = item
    return rx.cond(
        held.is_allowed,
        notice(held.title, held.text, tone="green"),
        notice(
            held.title,
            held.text,
            button(
                tr("Разрешить снижение"),
                size="s",
                kind="primary",
                on_click=GuardState.ask_allow(held.id),
            ),
            tone="red",
        ),
    )


def war_card() -> rx.Component:
    """Show the war that is on, or the last one of the week."""
    war = GuardState.war
    return rx.cond(
        war.id,
        card(
            rx.el.p(war.cost, class_name="k-strong", style={"fontSize": "15px"}),
            rx.el.p(war.spared, class_name="k-second", style={"marginBottom": "12px"}),
            legend(
                (tr("моя"), "mine", False),
                (tr("конкурент"), "rival", False),
                (tr("мин. цена"), "floor", True),
            ),
            chart(
                GuardState.figure,
                label=tr("Цены за время войны"),
                caption=war.caption,
                height=210,
            ),
            _facts(),
            _actions(),
            title=war.title,
            note=war.note,
            action=rx.cond(
                war.is_on, badge(tr("Идёт"), "amber", "swords"), badge(tr("Закончилась"), "gray")
            ),
        ),
    )


def _actions() -> rx.Component:
    war = GuardState.war
    rest = rx.fragment(
        button(tr("Закончить паузу"), icon="play", size="s", on_click=GuardState.ask_end(war.id)),
        button(tr("Ещё 2 часа"), icon="hourglass", size="s", on_click=GuardState.prolong(war.id)),
    )
    return row(
        rx.cond(war.is_on, rest),
        button(
            tr("Не учитывать продавца"),
            icon="user-x",
            size="s",
            on_click=GuardState.ask_exclude(war.id),
        ),
    )


def _facts() -> rx.Component:
    return rx.el.dl(
        rx.foreach(
            GuardState.war.facts,
            lambda pair: rx.el.div(rx.el.dt(pair[0]), rx.el.dd(pair[1])),
        ),
        class_name="k-facts k-facts-grid",
        style={
            "display": "grid",
            "gridTemplateColumns": "repeat(auto-fit, minmax(240px, 1fr))",
            "columnGap": "32px",
            "margin": "8px 0 14px",
        },
    )


def guard_dialog() -> rx.Component:
    """Ask, with what will happen in numbers."""
    question = GuardState.question
    numbers = rx.cond(question.numbers.length() > 0, fact_list(question.numbers))
    return confirm_dialog(
        question.act != "",
        title=question.title,
        text=question.text,
        confirm=question.verb,
        on_confirm=GuardState.confirm,
        on_close=GuardState.close,
        numbers=numbers,
        busy=GuardState.is_busy,
    )
