"""`/messages/queue`: today's budget of each number, what waits and why, what was dropped and why."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.messaging.queue import PAGE_SIZE
from cube_demper.seller.pages.whatsapp_queue.number_parts import number_cards, number_dialogs
from cube_demper.seller.pages.whatsapp_queue.rows import MessageRow
from cube_demper.seller.pages.whatsapp_queue.state import QueueState
from cube_demper.ui.actions import button, icon_button, link_button
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table, row_link, two_lines

_CARD = '"what status" "person when" "why why"'


def queue_page() -> rx.Component:
    """Make the page."""
    return page(
        _header(),
        _notices(),
        number_cards(),
        _messages(),
        number_dialogs(),
        wide=True,
    )


def _header() -> rx.Component:
    standing = QueueState.standing
    go_on = button(
        tr("Продолжить отправку"), icon="play", kind="primary", on_click=QueueState.start
    )
    return page_header(
        tr("Очередь WhatsApp"),
        standing.summary,
        link_button(tr("Шаблоны"), "/messages/templates", icon="file-text"),
        rx.cond(
            standing.is_stopped,
            go_on,
            rx.cond(
                QueueState.numbers.length() > 0,
                button(tr("Стоп"), icon="octagon-x", kind="danger", on_click=QueueState.stop),
            ),
        ),
        back=(tr("WhatsApp"), "/messages/connection"),
    )


def _notices() -> rx.Component:
    standing = QueueState.standing
    return rx.fragment(
        rx.cond(
            standing.is_stopped,
            notice(
                tr("Отправка остановлена"),
                tr(
                    "Ничего не уходит с {when}. Очередь на месте: когда продолжите, устаревшее "
                    "уберём сами.",
                    when=standing.stopped,
                ),
                tone="amber",
            ),
        ),
        rx.cond(
            ~standing.has_agreed & (QueueState.numbers.length() > 0),
            notice(
                tr("Вы ещё не согласились с рисками"),
                tr("Пока нет согласия, покупателям ничего не уходит."),
                link_button(tr("Прочитать и решить"), "/messages/connection", size="s"),
                tone="amber",
            ),
        ),
    )


def _messages() -> rx.Component:
    counts = QueueState.counts
    return rx.fragment(
        tabs(
            [
                Tab("", tr("Ждут"), counts["waiting"]),
                Tab("sent", tr("Отправлены"), counts["sent"]),
                Tab("dropped", tr("Не отправлены"), counts["dropped"]),
                Tab("unknown", tr("Неизвестно"), counts["unknown"], "amber", is_rare=True),
            ],
            rx.cond(QueueState.tab == "waiting", "", QueueState.tab),
        ),
        data_table(
            QueueState.rows,
            _columns(),
            label=tr("Сообщения"),
            phase=QueueState.phase,
            card=_CARD,
            card_columns="minmax(0, 1fr) auto",
            total=QueueState.total,
            page=QueueState.page,
            page_size=PAGE_SIZE,
            empty=_empty(),
            on_retry=QueueState.load,
            error_text=tr("Очередь на месте, её не получилось показать."),
        ),
    )


def _columns() -> list[Column]:
    return [
        Column("what", tr("Сообщение"), _what, label=""),
        Column("person", tr("Кому"), lambda row: row.person, width="200px", label=""),
        Column("when", tr("Когда"), lambda row: row.when, width="150px", label=""),
        Column("why", tr("Почему"), lambda row: row.reason, label=""),
        Column("status", tr("Состояние"), _status, width="170px", label=""),
    ]


def _what(row: rx.vars.ObjectVar[MessageRow]) -> rx.Component:
    return rx.cond(
        row.link,
        two_lines(row.what, row_link(row.order, row.link)),
        rx.el.span(row.what, class_name="k-strong"),
    )


def _status(row: rx.vars.ObjectVar[MessageRow]) -> rx.Component:
    shown = rx.match(
        row.status,
        ("waiting", badge(tr("Ждёт"), "blue", "clock")),
        ("sending", badge(tr("Отправляем"), "blue", "send")),
        ("sent", badge(tr("Отправлено"), "green", "check")),
        ("dropped", badge(tr("Не отправлено"), "gray", "circle-minus")),
        ("failed", badge(tr("Отказ"), "red", "circle-x")),
        badge(tr("Неизвестно"), "amber", "circle-help"),
    )
    drop = icon_button("x", tr("Убрать из очереди"), on_click=QueueState.drop(row.id))
    return rx.el.span(
        shown,
        rx.cond(row.is_waiting, drop),
        style={"display": "flex", "alignItems": "center", "gap": "6px"},
    )


def _empty() -> rx.Component:
    return rx.match(
        QueueState.tab,
        ("sent", empty_state(tr("Ещё ничего не отправлено"), icon="send")),
        ("dropped", empty_state(tr("Всё отправлено, ничего не убрано"), icon="circle-check")),
        ("unknown", empty_state(tr("Неизвестных нет"), icon="circle-check")),
        empty_state(
            tr("Очередь пуста"),
            tr("Когда заказ изменится, сообщение покупателю появится здесь и уйдёт само."),
            link_button(tr("Что и когда писать"), "/messages/templates"),
            icon="message-circle",
        ),
    )
