"""The page: how the bots are, the chosen store, why it does not keep goods, its settings."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.bot.now import mode_notice, now_card, strip, workers_card
from cube_demper.seller.pages.bot.proof_parts import proof_card
from cube_demper.seller.pages.bot.questions import question_dialog
from cube_demper.seller.pages.bot.reasons import reasons_card
from cube_demper.seller.pages.bot.settings_form import settings_card
from cube_demper.seller.pages.bot.shortage_parts import shortage_notice
from cube_demper.seller.pages.bot.state import BotState
from cube_demper.seller.pages.bot.store_tabs import store_tabs
from cube_demper.seller.pages.bot.switch_state import BotSwitchState
from cube_demper.seller.returning.state import ReturnState
from cube_demper.seller.returning.view import return_dialog
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, page, page_header, stack
from cube_demper.ui.placeholders import skeleton, when_ready


def bot_page() -> rx.Component:
    """Show the bots of the seller's stores."""
    return page(
        page_header(
            tr("Бот"),
            BotState.strip.summary,
            rx.cond(
                BotState.tabs.length() > 0,
                rx.fragment(
                    link_button(tr("Проверить правило"), "/bot/replay", icon="history"),
                    button(
                        tr("Вернуть цены часа назад"),
                        icon="undo-2",
                        on_click=ReturnState.ask_store(BotState.now.id),
                    ),
                ),
            ),
            rx.cond(
                BotState.strip.enabled > 1,
                button(
                    tr("Остановить во всех магазинах"),
                    icon="circle-stop",
                    on_click=BotSwitchState.ask_stop(""),
                ),
            ),
        ),
        when_ready(
            BotState.phase,
            rx.cond(BotState.tabs.length() > 0, _content(), _no_stores()),
            waiting=rx.cond(BotState.tabs.length() > 0, _content(), _waiting()),
            on_retry=BotState.load,
        ),
        question_dialog(),
        return_dialog(),
    )


def _content() -> rx.Component:
    return rx.el.div(
        strip(),
        store_tabs(),
        mode_notice(),
        shortage_notice(),
        columns(
            rx.fragment(reasons_card(), settings_card()),
            rx.fragment(now_card(), proof_card(), workers_card()),
        ),
        class_name="k-stack k-side-first",
    )


def _waiting() -> rx.Component:
    return stack(card(skeleton(2)), card(skeleton(6)))


def _no_stores() -> rx.Component:
    return card(
        connect_first(
            tr("Магазинов пока нет"),
            tr("Подключите магазин Kaspi: бот загрузит товары и начнёт советовать цены."),
        )
    )
