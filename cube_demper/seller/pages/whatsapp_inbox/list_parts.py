"""The left part: search, «непрочитанные», talks with what was said last."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.whatsapp_inbox.rows import TalkRow
from cube_demper.seller.pages.whatsapp_inbox.state import InboxState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.browser import js_function
from cube_demper.ui.chat import avatar, mark, unread_mark
from cube_demper.ui.filters import search_box
from cube_demper.ui.forms import segmented
from cube_demper.ui.i18n import tr, tr_number
from cube_demper.ui.placeholders import empty_state, skeleton, when_ready
from cube_demper.ui.query import change_query, clear_query


def talk_list() -> rx.Component:
    """Show the list."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h1(tr("Сообщения")),
                link_button(tr("Номера"), "/messages/connection", icon="smartphone", size="s"),
                class_name="k-inbox-title",
            ),
            search_box(InboxState.search, tr("Имя, телефон или номер заказа")),
            segmented(
                [("", tr("Все")), ("unread", _unread_words())],
                InboxState.tab,
                lambda value: change_query(tab=value),
                label=tr("Показать"),
            ),
            class_name="k-inbox-head",
        ),
        when_ready(
            InboxState.phase,
            rx.cond(InboxState.rows.length() > 0, _talks(), _none()),
            waiting=rx.el.div(skeleton(12), class_name="k-inbox-wait"),
            on_retry=InboxState.load,
            error_text=tr("Переписка на месте, её не получилось показать."),
        ),
        class_name="k-inbox-list",
        aria_label=tr("Переписки"),
    )


def _unread_words() -> rx.Var[str]:
    words = tr("Непрочитанные")
    counted = words + " · " + tr_number(InboxState.unread)
    return rx.cond(InboxState.unread > 0, counted, words).to(str)


def _talks() -> rx.Component:
    more = button(tr("Показать ещё"), kind="ghost", on_click=InboxState.more)
    return rx.el.ul(
        rx.foreach(InboxState.rows, _talk),
        rx.cond(InboxState.has_more, rx.el.li(more, class_name="k-inbox-more")),
        class_name="k-talks",
    )


def _talk(item: Any) -> rx.Component:
    row: TalkRow = item
    is_here = InboxState.chosen == row.id
    return rx.el.li(
        rx.el.button(
            avatar(row.initials, row.hue),
            rx.el.span(
                rx.el.span(row.person, class_name="k-talk-person"),
                rx.el.span(row.when, class_name="k-note"),
                rx.el.span(
                    rx.cond(row.mark, mark(row.mark)),
                    rx.el.span(row.text),
                    class_name="k-talk-text",
                ),
                unread_mark(row.unread),
                class_name="k-talk-lines",
            ),
            type="button",
            on_click=rx.redirect(_address(row.id)),
            class_name=rx.cond(row.unread > 0, "k-talk-row fresh", "k-talk-row"),
            custom_attrs={"aria-current": rx.cond(is_here, "true", "false")},
        ),
        key=row.id,
    )


def _address(talk: Any) -> rx.Var[str]:
    return js_function("query", "withQuery").call({"thread": talk}).to(str)


def _none() -> rx.Component:
    narrowed = empty_state(
        tr("Ничего не нашлось"),
        tr("Телефон и номер заказа можно ввести цифрами, имя — словами."),
        button(tr("Показать все"), on_click=clear_query("thread")),
        icon="search-x",
    )
    none = empty_state(
        tr("Переписки пока нет"),
        tr("Здесь появится каждый покупатель, который написал или получил сообщение."),
        link_button(tr("Открыть WhatsApp"), "/messages/connection", kind="primary"),
        icon="message-circle",
    )
    read = empty_state(
        tr("Всё прочитано"),
        None,
        button(tr("Показать все"), on_click=change_query(tab="")),
        icon="circle-check",
    )
    return rx.cond(InboxState.search, narrowed, rx.cond(InboxState.tab == "unread", read, none))
