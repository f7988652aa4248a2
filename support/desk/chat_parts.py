"""The middle: whose chat it is and what can be done, what was said, and what to write with."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.support.file_types import ACCEPTED, MOST_BYTES
from cube_demper.domain.support.rules import LONGEST, MOST_FILES
from cube_demper.ui.actions import button, icon_button
from cube_demper.ui.browser import js_function
from cube_demper.ui.chat import Ends, avatar, enclosure, mark, said, talk_box
from cube_demper.ui.composer import composer
from cube_demper.ui.i18n import tr
from cube_demper.ui.live_value import due
from cube_demper.ui.placeholders import empty_state, notice, skeleton, when_ready
from cube_demper.ui.statuses import badge
from support.desk.card_state import CardState
from support.desk.chat_rows import SaidRow
from support.desk.chat_state import ChatState
from support.desk.company_state import CompanyState
from support.desk.deeds_parts import giving_dialog, labels_menu
from support.desk.deeds_state import DeedState
from support.desk.inbox_parts import label_sign
from support.desk.write_state import WriteState

_CHAT = ChatState.chat


def chat_part() -> rx.Component:
    """Show the open chat."""
    return rx.el.section(
        when_ready(
            ChatState.phase,
            rx.fragment(_head(), _messages(), _foot(), giving_dialog()),
            waiting=rx.el.div(skeleton(8), class_name="k-inbox-wait"),
            on_retry=ChatState.load,
            error_text=tr("Такого чата нет, или его не получилось показать."),
        ),
        class_name="k-inbox-talk",
        aria_label=tr("Чат"),
    )


def no_chat_part() -> rx.Component:
    """Say to choose one."""
    return rx.el.section(
        empty_state(
            tr("Выберите чат"),
            tr("Клавиши j и k ведут по списку, ? покажет остальные."),
            icon="messages-square",
        ),
        class_name="k-inbox-talk",
        aria_label=tr("Чат"),
    )


def _head() -> rx.Component:
    to_list = rx.redirect(js_function("desk", "listAddress").call().to(str))
    return rx.el.header(
        rx.el.span(
            icon_button("chevron-left", tr("К списку"), on_click=to_list), class_name="k-inbox-back"
        ),
        avatar(_CHAT.initials, _CHAT.hue),
        rx.el.div(
            rx.el.h2(_CHAT.person),
            rx.el.div(
                badge(_CHAT.word, _CHAT.tone),
                badge(_CHAT.plan, _CHAT.plan_tone),
                rx.el.span(_CHAT.assignee, class_name="k-note"),
                due(_CHAT.due, _CHAT.due_at, late=tr("Просрочено")),
                rx.foreach(_CHAT.labels, label_sign),
                class_name="k-desk-signs",
            ),
        ),
        rx.el.div(*_deeds(), class_name="k-desk-deeds"),
        class_name="k-talk-head k-desk-head",
    )


def _deeds() -> tuple[rx.Component, ...]:
    keys = {"custom_attrs": {"aria-keyshortcuts": "e"}}
    return (
        rx.cond(
            _CHAT.can_take,
            button(
                tr("Взять в работу"),
                kind="primary",
                size="s",
                on_click=DeedState.take,
                custom_attrs={"aria-keyshortcuts": "t"},
            ),
        ),
        rx.cond(
            _CHAT.is_closed,
            button(
                tr("Открыть снова"),
                kind="primary",
                size="s",
                icon="rotate-ccw",
                on_click=DeedState.reopen,
                **keys,
            ),
            rx.fragment(
                button(
                    rx.cond(_CHAT.can_take, tr("Назначить"), tr("Передать")),
                    size="s",
                    icon="user-round-plus",
                    on_click=DeedState.begin_giving,
                ),
                button(tr("Закрыть"), size="s", icon="check", on_click=DeedState.close, **keys),
            ),
        ),
        labels_menu(),
        rx.el.span(
            icon_button("user", tr("О клиенте"), on_click=CardState.show(True)),
            class_name="k-inbox-orders",
        ),
    )


def _messages() -> rx.Component:
    it = ChatState
    return talk_box(
        rx.foreach(it.said, _said),
        state=it,
        has_older=it.has_older,
        has_newer=it.has_newer,
        ends=Ends(_CHAT.id, it.first_id, it.last_id, _CHAT.is_unread),
    )


def _said(item: Any) -> rx.Component:
    row: SaidRow = item
    event = rx.el.div(
        rx.cond(row.day, rx.el.p(row.day, class_name="k-talk-day")),
        rx.el.p(row.text, " · ", row.time, class_name="k-desk-event"),
        key=row.id,
    )
    return rx.cond(row.kind == "event", event, _bubble(row))


def _bubble(row: SaidRow) -> rx.Component:
    is_read = rx.cond(row.sent <= _CHAT.read, "read", "sent")
    note = rx.el.p(
        rx.icon("lock", size=12, aria_hidden="true"),
        tr("Заметка, клиент не видит"),
        class_name="k-desk-note-word",
    )
    under = rx.el.div(
        rx.cond(row.is_own, rx.el.span(row.who)),
        rx.el.span(row.time),
        rx.cond(row.kind == "staff", mark(is_read)),
        class_name="k-said-under",
    )
    gone = tr("Файл больше не хранится")
    return said(
        rx.cond(row.kind == "note", note),
        rx.foreach(row.files, lambda it: enclosure(it, gone=gone, elsewhere=gone)),
        rx.cond(row.text, rx.el.p(row.text, dir="auto")),
        who=rx.cond(row.is_own, row.who, _CHAT.person),
        is_ours=row.is_own,
        under=under,
        day=row.day,
        key=row.id,
        data_note=rx.cond(row.kind == "note", "true", "false"),
        data_found=rx.cond(row.number == ChatState.marked, "true", "false"),
    )


def _foot() -> rx.Component:
    company = CompanyState.company
    closed = notice(
        tr("Чат закрыт"),
        tr("Напишет клиент — он откроется сам. Чтобы написать первым, откройте его снова."),
        tone="blue",
    )
    return rx.el.footer(
        rx.foreach(_CHAT.breaches, lambda it: rx.el.p(it, class_name="k-note k-desk-breach")),
        rx.el.p(
            # Nobody says that they stopped: what was heard of goes by itself (css), anew with each number.
            rx.cond(company.typing, rx.el.b(company.typing, class_name="k-desk-types")),
            rx.cond(company.looking, rx.el.span(company.looking, class_name="k-desk-looks")),
            class_name="k-note k-desk-company",
            role="status",
            key=company.number.to_string(),
        ),
        rx.cond(_CHAT.is_closed, closed, _composer()),
        class_name="k-talk-foot",
    )


def _composer() -> rx.Component:
    return composer(
        thread=_CHAT.id,
        insert=WriteState.insert,
        on_send=WriteState.send,
        on_note=WriteState.note,
        on_typing=WriteState.typing,
        offers=WriteState.offers,
        on_offered=WriteState.take_reply,
        placeholder=tr("Ответ клиенту, / — готовые ответы"),
        address="/api/support/files",
        accept=ACCEPTED,
        most_bytes=MOST_BYTES,
        most_files=MOST_FILES,
        longest=LONGEST,
    )
