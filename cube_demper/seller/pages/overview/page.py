"""`/` for a signed-in seller: is all well, what needs me, what did the bots do."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.bot.questions import question_dialog
from cube_demper.seller.pages.bot.switch_state import BotSwitchState
from cube_demper.seller.pages.overview.parts import (
    changes_card,
    places_card,
    tasks_card,
    wars_card,
    work_card,
)
from cube_demper.seller.pages.overview.state import OverviewState
from cube_demper.seller.pages.overview.steps import StepsState
from cube_demper.seller.pages.overview.steps_parts import steps_card
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, page, page_header, stack
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import skeleton, when_ready
from cube_demper.ui.tiles import stat_tile, tiles


def overview_page() -> rx.Component:
    """Show the seller's day."""
    head = OverviewState.head
    return page(
        page_header(
            rx.cond(head.day, head.day, tr("Обзор")),
            rx.fragment(
                head.summary,
                " ",
                rx.el.b(head.waiting),
                rx.cond(
                    head.read_at,
                    rx.el.span(" ", age(head.read_at, prefix=tr("Посчитано")), class_name="k-note"),
                ),
            ),
            rx.cond(
                head.can_stop,
                button(
                    tr("Остановить бота"),
                    icon="circle-stop",
                    on_click=BotSwitchState.ask_stop(""),
                ),
            ),
        ),
        when_ready(
            OverviewState.phase,
            stack(
                steps_card(),
                rx.cond(
                    OverviewState.has_stores,
                    _content(),
                    rx.cond(StepsState.steps.length() > 0, rx.fragment(), _no_stores()),
                ),
            ),
            waiting=rx.cond(OverviewState.head.day, _content(), _waiting()),
            on_retry=OverviewState.load,
        ),
        question_dialog(),
    )


def _content() -> rx.Component:
    return rx.el.div(
        _tiles(),
        columns(
            rx.fragment(tasks_card(), places_card()),
            rx.fragment(changes_card(), wars_card(), work_card()),
        ),
        class_name="k-stack k-tasks-first",
    )


def _tiles() -> rx.Component:
    shown = OverviewState.tiles
    return tiles(
        stat_tile(
            tr("На 1‑м месте"),
            shown.first,
            icon="trophy",
            of=shown.bots,
            change=shown.first_more,
            tone=shown.first_tone,
            note=rx.cond(shown.first_more, tr("за сутки"), tr("товаров с ботом")),
            href="/products?tab=first" + OverviewState.head.of_store,
        ),
        stat_tile(
            tr("Изменений за сутки"),
            shown.changes,
            icon="arrow-down-up",
            note=shown.changes_note,
            href="/products?tab=bot_on" + OverviewState.head.of_store,
        ),
        stat_tile(
            tr("Сдвиг цен за сутки"),
            shown.shift,
            icon="scale",
            note=shown.shift_note,
        ),
        stat_tile(
            tr("На мин. цене"),
            shown.at_floor,
            icon="lock",
            note=tr("ниже бот не пойдёт"),
            href="/products?tab=at_floor" + OverviewState.head.of_store,
        ),
    )


def _waiting() -> rx.Component:
    return stack(card(skeleton(3, height="20px")), card(skeleton(6)))


def _no_stores() -> rx.Component:
    return card(
        connect_first(
            tr("Начните с магазина"),
            tr("Подключите магазин Kaspi: бот загрузит товары и начнёт советовать цены."),
        )
    )
