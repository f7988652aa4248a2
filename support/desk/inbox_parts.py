"""The left part: search, filters, chats with what was said last, messages that a search found."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from cube_demper.domain.support.schemas import ChatStatus
from cube_demper.ui.actions import button
from cube_demper.ui.browser import js_function
from cube_demper.ui.chat import avatar, unread_mark
from cube_demper.ui.filters import Tab, filter_chip, search_box, tabs
from cube_demper.ui.i18n import tr, tr_count
from cube_demper.ui.live_value import due
from cube_demper.ui.placeholders import empty_state, skeleton, when_ready
from cube_demper.ui.query import change_query, clear_query
from cube_demper.ui.statuses import badge
from support.desk.asked import PLANS, URGENT
from support.desk.inbox_rows import FoundRow, LabelView, TalkRow
from support.desk.inbox_state import InboxState
from support.desk.words import TABS

_CHOSEN = InboxState.chosen
_WAITING: Final = (ChatStatus.PENDING, ChatStatus.REOPENED)


def inbox_part() -> rx.Component:
    """Show the list."""
    return rx.el.section(
        rx.el.div(
            rx.el.h1(tr("Чаты"), class_name="k-unseen"),
            rx.el.div(_search(), _order(), class_name="k-inbox-title"),
            _tabs(),
            _filters(),
            class_name="k-inbox-head",
        ),
        when_ready(
            InboxState.phase,
            rx.fragment(_new(), rx.cond(_is_empty(), _none(), _talks())),
            waiting=rx.el.div(skeleton(12), class_name="k-inbox-wait"),
            on_retry=InboxState.load,
            error_text=tr("Чаты на месте, их не получилось показать."),
        ),
        class_name="k-inbox-list",
        aria_label=tr("Чаты"),
    )


def _search() -> rx.Component:
    return search_box(_CHOSEN.search, tr("Имя, почта или слова из переписки"), shortcut="/")


def _order() -> rx.Component:
    is_urgent = _CHOSEN.sort == URGENT
    words = rx.cond(
        is_urgent, tr("Сначала срочные. Показать свежие"), tr("Сначала свежие. Показать срочные")
    )
    return rx.el.button(
        rx.cond(
            is_urgent,
            rx.icon("alarm-clock", size=16, aria_hidden="true"),
            rx.icon("arrow-down-wide-narrow", size=16, aria_hidden="true"),
        ),
        type="button",
        on_click=change_query(sort=rx.cond(is_urgent, "", URGENT)),
        class_name="k-icon-button",
        custom_attrs={
            "aria-label": words,
            "title": words,
            "aria-pressed": rx.cond(is_urgent, "true", "false"),
        },
    )


def _tabs() -> rx.Component:
    counts = InboxState.counts
    return tabs(
        [
            Tab("", tr("Все"), counts[""].to(int)),
            *(
                Tab(
                    it.value,
                    tr(words),
                    counts[it.value].to(int),
                    tone="amber" if it in _WAITING else "",
                    is_rare=it is ChatStatus.REOPENED,
                )
                for it, words in TABS.items()
                if it is not ChatStatus.CLOSED
            ),
            Tab(ChatStatus.CLOSED.value, tr(TABS[ChatStatus.CLOSED])),
        ],
        _CHOSEN.tab,
    )


def _filters() -> rx.Component:
    counts = InboxState.counts
    return rx.el.div(
        filter_chip(tr("Чьи"), _CHOSEN.who, InboxState.choices.people, name="who"),
        filter_chip(tr("Метка"), _CHOSEN.label, InboxState.choices.labels, name="label"),
        filter_chip(tr("Тариф"), _CHOSEN.plan, list(PLANS.items()), name="plan"),
        _toggle(tr("Просрочены"), _CHOSEN.late, "late", counts["late"].to(int), "red"),
        _toggle(tr("Непрочитаны"), _CHOSEN.unread, "unread", counts["unread"].to(int)),
        rx.cond(
            _CHOSEN.is_narrowed,
            rx.el.button(
                tr("Сбросить"),
                type="button",
                on_click=clear_query("tab", "sort"),
                class_name="k-quiet",
            ),
        ),
        class_name="k-desk-filters",
    )


def _toggle(words: Any, value: Any, name: str, count: Any, tone: str = "") -> rx.Component:
    return rx.el.button(
        words,
        rx.cond(count > 0, rx.el.span(count, class_name=f"k-count {tone}")),
        type="button",
        on_click=change_query(**{name: rx.cond(value, "", "1")}),
        class_name=rx.cond(value, "k-chip k-desk-toggle on", "k-chip k-desk-toggle"),
        aria_pressed=rx.cond(value, "true", "false"),
    )


def _new() -> rx.Component:
    words = tr_count(InboxState.waiting, "новый чат", "новых чата", "новых чатов")
    return rx.cond(
        InboxState.waiting > 0,
        rx.el.button(
            rx.icon("arrow-up", size=14, aria_hidden="true"),
            tr("Показать"),
            " ",
            words,
            type="button",
            on_click=InboxState.show_new,
            class_name="k-desk-new",
        ),
    )


def _is_empty() -> Any:
    return (InboxState.rows.length() == 0) & (InboxState.found.length() == 0)


def _talks() -> rx.Component:
    more = button(tr("Показать ещё"), kind="ghost", on_click=InboxState.more)
    return rx.el.ul(
        rx.foreach(InboxState.rows, _talk),
        rx.cond(InboxState.has_more, rx.el.li(more, class_name="k-inbox-more")),
        rx.cond(
            InboxState.found.length() > 0,
            rx.el.li(rx.el.h2(tr("В сообщениях")), class_name="k-desk-found-head"),
        ),
        rx.foreach(InboxState.found, _found),
        class_name="k-talks",
    )


def _talk(item: Any) -> rx.Component:
    row: TalkRow = item
    return rx.el.li(
        rx.el.button(
            avatar(row.initials, row.hue),
            rx.el.span(
                rx.el.span(row.person, class_name="k-talk-person"),
                rx.el.span(row.when, class_name="k-note"),
                rx.el.span(rx.el.span(row.text), class_name="k-talk-text"),
                unread_mark(row.unread),
                _signs(row),
                class_name="k-talk-lines",
            ),
            type="button",
            on_click=rx.redirect(_address(row.id)),
            class_name=rx.cond(row.unread > 0, "k-talk-row fresh", "k-talk-row"),
            custom_attrs={
                "aria-current": rx.cond(InboxState.here == row.id, "true", "false"),
                "data-gone": rx.cond(row.is_gone, "true", "false"),
            },
        ),
        key=row.id,
    )


def _signs(row: TalkRow) -> rx.Component:
    return rx.el.span(
        rx.cond(
            row.is_gone,
            badge(tr("Ушёл из списка"), "gray", "arrow-right"),
            badge(row.word, row.tone),
        ),
        rx.cond(row.plan != "FREE", badge(row.plan, row.plan_tone)),
        rx.cond(row.assignee, rx.el.span(row.assignee, class_name="k-note k-desk-name")),
        due(row.due, row.due_at, late=tr("Просрочено")),
        rx.foreach(row.labels, label_sign),
        class_name="k-desk-signs",
    )


def label_sign(item: Any) -> rx.Component:
    """Show a label."""
    label: LabelView = item
    return badge(label.title, label.tone)


def _found(item: Any) -> rx.Component:
    row: FoundRow = item
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(row.person, class_name="k-talk-person"),
                rx.el.span(row.when, class_name="k-note"),
                rx.el.span(rx.el.span(row.text), class_name="k-talk-text"),
                class_name="k-talk-lines",
            ),
            type="button",
            on_click=rx.redirect(_address(row.chat_id, row.number)),
            class_name="k-talk-row",
        ),
        key=row.id,
    )


def _address(chat_id: Any, number: Any = "") -> rx.Var[str]:
    """Lead to a chat, or to a message of it; the list stays as it is."""
    return js_function("desk", "chatAddress").call(chat_id, number).to(str)


def _none() -> rx.Component:
    nothing = empty_state(
        tr("Ничего не нашлось"),
        tr("Ищем по имени, почте и словам сообщений и заметок."),
        button(tr("Показать все"), on_click=clear_query()),
        icon="search-x",
    )
    none = empty_state(
        tr("Здесь пусто"),
        tr("Новые сообщения клиентов появятся сами."),
        icon="circle-check",
    )
    return rx.cond((_CHOSEN.search != "") | _CHOSEN.is_narrowed, nothing, none)
