"""The panel of one rival, and the question before it is left out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.rivals.panel_state import PanelState
from cube_demper.seller.pages.rivals.rows import PlaceView
from cube_demper.seller.pages.rivals.table import behaviour_badge
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.dialogs import confirm_dialog, side_panel
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, row, stack
from cube_demper.ui.live_value import age


def rival_panel() -> rx.Component:
    """Show everything known of a rival."""
    panel = PanelState.panel
    return side_panel(
        panel.id != "",
        stack(
            _character(),
            row(_store_action(), _only_action()),
            _facts(),
            rx.cond(PanelState.captions.duel, _duel()),
            _section(
                tr("За сколько отвечает"),
                chart(
                    PanelState.delays,
                    label=tr("Сколько ответов за какое время"),
                    caption=PanelState.captions.delays,
                    height=150,
                ),
            ),
            _section(
                tr("В какие часы меняет цены"),
                chart(
                    PanelState.hours,
                    label=tr("Изменения цен по часам Алматы"),
                    caption=PanelState.captions.hours,
                    height=150,
                ),
            ),
            _section(tr("Где вы встречаетесь"), _places()),
        ),
        title=panel.name,
        on_close=PanelState.close,
    )


def _character() -> rx.Component:
    panel = PanelState.panel
    return rx.el.div(
        row(
            behaviour_badge(panel.code),
            rx.el.span(tr("посчитано"), " ", age(panel.counted_at), class_name="k-note"),
        ),
        rx.el.ul(
            rx.foreach(panel.reasons, rx.el.li),
            class_name="k-second",
            style={"margin": "8px 0 0", "paddingLeft": "18px", "listStyle": "disc"},
        ),
    )


def _store_action() -> rx.Component:
    panel = PanelState.panel
    return rx.cond(
        panel.is_excluded,
        button(
            tr("Снова учитывать в магазине"),
            icon="user-check",
            size="s",
            on_click=PanelState.include(panel.id, ""),
        ),
        button(
            tr("Не учитывать в магазине"),
            icon="user-x",
            size="s",
            on_click=PanelState.ask(""),
        ),
    )


def _only_action() -> rx.Component:
    panel = PanelState.panel
    return rx.cond(
        panel.is_excluded,
        rx.fragment(),
        rx.cond(
            panel.is_followed,
            button(
                tr("Убрать из «только эти»"),
                icon="users",
                size="s",
                on_click=PanelState.follow(panel.id, False),
            ),
            button(
                tr("Смотреть только на него"),
                icon="crosshair",
                size="s",
                on_click=PanelState.follow(panel.id, True),
            ),
        ),
    )


def _facts() -> rx.Component:
    return fact_list(PanelState.panel.facts)


def _duel() -> rx.Component:
    return _section(
        tr("Его цена и ваша"),
        legend(
            (tr("моя"), "mine", False),
            (tr("конкурент"), "rival", False),
            (tr("мин. цена"), "floor", True),
        ),
        chart(
            PanelState.duel,
            label=tr("Цена конкурента и ваша за три дня"),
            caption=PanelState.captions.duel,
            height=200,
        ),
    )


def _section(title: Any, *children: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, style={"fontSize": "14px", "fontWeight": "600", "margin": "0 0 6px"}),
        *children,
    )


def _places() -> rx.Component:
    return rx.el.ul(rx.foreach(PanelState.panel.places, _place), class_name="k-lines-list")


def _place(item: Any) -> rx.Component:
    place: PlaceView = item
    panel = PanelState.panel
    return rx.el.li(
        rx.el.div(
            text_link(place.name, place.link),
            rx.el.span(place.prices),
            rx.el.span(place.note, class_name="k-note"),
            class_name="k-lines",
            style={"flex": "1", "fontSize": "13px", "lineHeight": "18px"},
        ),
        rx.cond(
            panel.is_excluded,
            rx.fragment(),
            rx.cond(
                place.is_excluded,
                button(
                    tr("Учитывать"),
                    size="s",
                    kind="ghost",
                    on_click=PanelState.include(panel.id, place.id),
                ),
                button(
                    tr("Не учитывать"),
                    size="s",
                    kind="ghost",
                    on_click=PanelState.ask(place.id),
                ),
            ),
        ),
        style={
            "display": "flex",
            "gap": "12px",
            "alignItems": "center",
            "padding": "10px 0",
            "borderTop": "1px solid var(--line)",
        },
    )


def exclude_dialog() -> rx.Component:
    """Ask before a rival is left out of account."""
    question = PanelState.question
    return confirm_dialog(
        question.is_open,
        title=question.title,
        text=question.text,
        confirm=tr("Не учитывать"),
        on_confirm=PanelState.confirm,
        on_close=PanelState.dismiss,
        busy=PanelState.is_busy,
    )
