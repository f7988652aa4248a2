"""`/bot/trial`: choose goods and floors, see what the bot suggests, apply, then let it work."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.bot.questions import question_dialog
from cube_demper.seller.pages.bot.switch_state import BotSwitchState
from cube_demper.seller.pages.overview.parts import change_item
from cube_demper.seller.pages.trial.acts import ApplyState
from cube_demper.seller.pages.trial.choosing import choosing_card
from cube_demper.seller.pages.trial.rows import SuggestionRow
from cube_demper.seller.pages.trial.state import TrialState
from cube_demper.ui.actions import button, link_button, text_link
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list, page, page_header, stack
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import empty_state, notice, skeleton, when_ready
from cube_demper.ui.timeline import sign, timeline


def trial_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Проба бота"), TrialState.head.summary, back=(tr("Бот"), "/bot")),
        when_ready(
            TrialState.phase,
            rx.cond(TrialState.head.store_id, _content(), _no_stores()),
            waiting=rx.cond(TrialState.head.store_id, _content(), card(skeleton(6))),
            on_retry=TrialState.load,
        ),
        question_dialog(),
        _apply_dialog(),
    )


def _content() -> rx.Component:
    return stack(
        rx.cond(TrialState.head.stopped, _stopped()),
        rx.match(
            TrialState.head.stage,
            ("choose", choosing_card(tr("С чего начнём"))),
            ("suggest", stack(_trust_notice(), _suggestions(), _changes(), _more())),
            stack(_trusted(), _changes(), _more()),
        ),
    )


def _more() -> rx.Component:
    return rx.cond(TrialState.candidates.length() > 0, choosing_card(tr("Добавить товары")))


def _trust_notice() -> rx.Component:
    return notice(
        tr("Понравились советы? Доверьте цены боту"),
        tr("Он будет менять их сам, только между вашими мин. и макс. ценой. Отменить можно сразу."),
        button(
            tr("Доверить боту"),
            icon="bot",
            kind="primary",
            on_click=BotSwitchState.ask_allow(TrialState.head.store_id),
        ),
    )


def _trusted() -> rx.Component:
    return notice(
        tr("Бот меняет цены сам"),
        tr("Ведёт {goods} и не выходит за ваши границы.", goods=TrialState.head.bots),
        link_button(tr("Открыть бота"), "/bot"),
        tone="green",
    )


def _stopped() -> rx.Component:
    return notice(
        tr("Бот остановлен"),
        tr("Пока он стоит, новых советов не будет, а применённые цены не уходят."),
        button(tr("Запустить"), on_click=BotSwitchState.start([TrialState.head.store_id])),
        tone="amber",
    )


def _suggestions() -> rx.Component:
    shown = TrialState.suggestions
    return card(
        rx.cond(
            shown.length() > 0,
            rx.el.ul(rx.foreach(shown, _suggestion), class_name="k-lines-list"),
            empty_state(
                tr("Советов сейчас нет"),
                tr("Бот смотрит рынок. Как только цену стоит изменить, совет появится здесь."),
                icon="lightbulb",
            ),
        ),
        title=tr("Бот советует"),
        note=TrialState.head.bots,
        action=rx.cond(
            shown.length() > 1,
            button(
                tr("Применить все ({n})", n=shown.length()),
                size="s",
                on_click=ApplyState.ask_all(TrialState.head.store_id),
            ),
        ),
        flush=True,
    )


def _suggestion(item: Any) -> rx.Component:
    row: SuggestionRow = item
    return rx.el.li(
        sign(row.code),
        rx.el.div(
            text_link(row.name, row.link),
            rx.el.span(
                tr("Предлагаем"),
                " ",
                rx.el.b(row.new_price),
                " ",
                tr("вместо {price}", price=row.old_price),
                " (",
                row.change,
                ")",
            ),
            rx.el.span(row.why, " · ", age(row.at), class_name="k-second"),
            class_name="k-lines",
        ),
        button(
            tr("Применить"),
            on_click=ApplyState.apply(row.id),
            aria_label=tr("Применить {price}, {name}", price=row.new_price, name=row.name),
        ),
        class_name="k-task",
        key=row.id,
    )


def _changes() -> rx.Component:
    return rx.cond(
        TrialState.changes.length() > 0,
        card(
            timeline(TrialState.changes, change_item),
            title=tr("Отправлено в Kaspi"),
            action=text_link(
                tr("Все товары"), "/products?tab=bot_on&store=" + TrialState.head.store_id
            ),
        ),
    )


def _apply_dialog() -> rx.Component:
    asked = ApplyState.question
    return confirm_dialog(
        asked.title != "",
        title=asked.title,
        text=tr("Цены уйдут в Kaspi в ближайшие минуты. Ниже ваших мин. цен ничего не уйдёт."),
        numbers=fact_list(asked.numbers),
        confirm=tr("Отправить"),
        on_confirm=ApplyState.apply_all,
        on_close=ApplyState.close,
        busy=ApplyState.is_busy,
    )


def _no_stores() -> rx.Component:
    return card(
        connect_first(
            tr("Начните с магазина"),
            tr("Подключите магазин Kaspi: бот загрузит товары и начнёт советовать цены."),
        )
    )
