"""`/notifications`: what happened, newest first; by kind, or only what is unread."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.notifications.service import PAGE_SIZE
from cube_demper.seller.frame.state import FrameState
from cube_demper.seller.pages.notifications.rows import TABS, NewsRow
from cube_demper.seller.pages.notifications.state import NotificationsState
from cube_demper.ui.actions import button, icon_button, link_button, text_link
from cube_demper.ui.filters import Tab, filter_bar, filter_chip, pager, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import empty_state, skeleton, when_ready
from cube_demper.ui.query import clear_query


def notifications_page() -> rx.Component:
    """Make the page."""
    counts = NotificationsState.counts
    return page(
        _header(),
        tabs(
            [
                Tab("", tr("Все"), counts[""]),
                *(Tab(it.code, tr(it.words), counts[it.code], is_rare=True) for it in TABS),
            ],
            NotificationsState.tab,
        ),
        rx.el.div(
            _tools(),
            when_ready(
                NotificationsState.phase,
                _list(),
                waiting=rx.cond(
                    NotificationsState.rows.length() > 0, _list(), rx.el.div(skeleton(6))
                ),
                on_retry=NotificationsState.load,
            ),
            pager(NotificationsState.total, NotificationsState.page, PAGE_SIZE),
            class_name="k-card k-list",
        ),
    )


def _header() -> rx.Component:
    return page_header(
        tr("Уведомления"),
        NotificationsState.summary,
        link_button(tr("Настроить"), "/settings?tab=notifications", icon="settings"),
        rx.cond(
            NotificationsState.counts["unread"] > 0,
            button(
                tr("Прочитать все"),
                icon="check-check",
                kind="primary",
                on_click=FrameState.read_news(""),
            ),
        ),
    )


def _tools() -> rx.Component:
    return filter_bar(
        filter_chip(
            tr("Прочитано или нет"),
            NotificationsState.unread_only,
            [("1", tr("Только непрочитанные"))],
            name="unread",
        ),
        found=NotificationsState.total,
    )


def _list() -> rx.Component:
    return rx.cond(
        NotificationsState.rows.length() > 0,
        rx.el.ul(rx.foreach(NotificationsState.rows, _row), class_name="k-lines-list"),
        rx.cond(
            NotificationsState.counts[""] > 0,
            empty_state(
                tr("Здесь пусто"),
                tr("Под этот фильтр ничего не попало."),
                button(tr("Показать все"), on_click=clear_query()),
                icon="bell",
            ),
            empty_state(
                tr("Уведомлений пока нет"),
                tr(
                    "Когда товар дойдёт до мин. цены, Kaspi попросит войти заново или бот "
                    "остановится, вы узнаете об этом здесь, в письме и в Telegram."
                ),
                link_button(tr("Выбрать, что присылать"), "/settings?tab=notifications"),
                icon="bell",
            ),
        ),
    )


def _row(item: Any) -> rx.Component:
    row: NewsRow = item
    icons = [(it.icon, rx.icon(it.icon, size=16, aria_hidden="true")) for it in TABS]
    words = rx.el.span(row.title, class_name=rx.cond(row.is_read, "", "k-strong"))
    return rx.el.li(
        rx.el.span(
            rx.match(row.icon, *icons, rx.icon("bell", size=16, aria_hidden="true")),
            class_name="k-task-sign",
            custom_attrs={"data-tone": rx.cond(row.is_read, "gray", row.tone)},
        ),
        rx.el.div(
            rx.cond(
                row.link,
                rx.link(
                    words,
                    href=row.link,
                    underline="hover",
                    on_click=FrameState.read_news(row.id),
                    style={"color": "inherit"},
                ),
                words,
            ),
            rx.cond(row.body, rx.el.span(row.body, class_name="k-second")),
            rx.el.span(
                rx.el.span(age(row.at), title=row.when),
                rx.cond(row.help, rx.fragment(" · ", text_link(tr("Что это значит"), row.help))),
                class_name="k-note",
            ),
            class_name="k-lines",
        ),
        rx.cond(
            row.is_read,
            rx.fragment(),
            icon_button("check", tr("Прочитано"), on_click=FrameState.read_news(row.id)),
        ),
        class_name="k-task",
        key=row.id,
    )
