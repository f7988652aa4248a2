"""The middle: who it is with, what was said, and what to write with."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.messaging.inbox.file_types import ACCEPTED, MOST_BYTES
from cube_demper.domain.messaging.inbox.quick import event_titles
from cube_demper.domain.messaging.inbox.writing import LONGEST
from cube_demper.seller.pages.whatsapp_inbox.quick_state import QuickState
from cube_demper.seller.pages.whatsapp_inbox.rows import SaidRow
from cube_demper.seller.pages.whatsapp_inbox.silence_state import SilenceState
from cube_demper.seller.pages.whatsapp_inbox.thread_state import ReplyRow, ThreadState
from cube_demper.seller.pages.whatsapp_inbox.write_state import WriteState
from cube_demper.ui.actions import button, icon_button, link_button, menu_item, menu_line
from cube_demper.ui.chat import Ends, avatar, enclosure, mark, said, talk_box
from cube_demper.ui.composer import composer
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import empty_state, notice, skeleton, when_ready
from cube_demper.ui.query import change_query
from cube_demper.ui.statuses import badge

_TALK = ThreadState.talk


def talk_part() -> rx.Component:
    """Show the open talk, or say to choose one."""
    return rx.el.section(
        rx.cond(
            ThreadState.asked,
            when_ready(
                ThreadState.phase,
                rx.fragment(_head(), _messages(), _foot()),
                waiting=rx.el.div(skeleton(8), class_name="k-inbox-wait"),
                on_retry=ThreadState.load,
                error_text=tr("Такой переписки нет, или её не получилось показать."),
            ),
            empty_state(tr("Выберите переписку"), icon="messages-square"),
        ),
        class_name="k-inbox-talk",
        aria_label=tr("Переписка"),
    )


def _head() -> rx.Component:
    back = icon_button("chevron-left", tr("К списку"), on_click=change_query(thread=""))
    return rx.el.header(
        rx.el.span(back, class_name="k-inbox-back"),
        avatar(_TALK.initials, _TALK.hue),
        rx.el.div(
            rx.el.h2(_TALK.person),
            rx.el.p(
                rx.cond(_TALK.phone, rx.el.span(_TALK.phone), rx.fragment()),
                rx.cond(_TALK.number, rx.el.span(tr("пишем с «{number}»", number=_TALK.number))),
                class_name="k-note",
            ),
        ),
        rx.cond(
            _TALK.is_silent,
            rx.el.span(
                badge(tr("Просил не писать"), "amber", "bell-off"),
                button(tr("Снять"), kind="ghost", size="s", on_click=SilenceState.ask),
                class_name="k-row k-talk-silence",
            ),
        ),
        rx.el.span(
            button(
                tr("Заказы"),
                icon="shopping-bag",
                size="s",
                on_click=ThreadState.show_orders(True),
            ),
            class_name="k-inbox-orders",
        ),
        class_name="k-talk-head",
    )


def _messages() -> rx.Component:
    return talk_box(
        rx.foreach(ThreadState.said, _said),
        rx.cond(
            ThreadState.said.length() == 0,
            empty_state(tr("Ещё ничего не сказано"), icon="message-circle"),
        ),
        state=ThreadState,
        has_older=_TALK.has_older,
        has_newer=_TALK.has_newer,
        ends=Ends(_TALK.id, _TALK.first, _TALK.last, _TALK.is_unread),
    )


def _said(item: Any) -> rx.Component:
    row: SaidRow = item
    phone = tr("Откройте на телефоне")
    under = rx.el.div(
        rx.cond(row.note, rx.el.span(row.note)),
        rx.cond(row.time, rx.el.span(row.time)),
        rx.cond(row.mark, mark(row.mark)),
        rx.cond(row.why, rx.el.span(row.why)),
        rx.cond(row.can_cancel, _deed(tr("Отменить"), WriteState.cancel(row.queue_id))),
        rx.cond(row.can_retry, _deed(tr("Отправить ещё раз"), WriteState.try_again(row.queue_id))),
        class_name="k-said-under",
    )
    return said(
        enclosure(row.media, gone=tr("Фото — откройте на телефоне"), elsewhere=phone),
        rx.cond(row.text, rx.el.p(row.text)),
        who=rx.cond(row.is_ours, tr("Вы"), _TALK.person),
        is_ours=row.is_ours,
        under=under,
        day=row.day,
        key=row.id,
        data_mark=row.mark,
    )


def _deed(text: Any, deed: Any) -> rx.Component:
    return rx.el.button(text, type="button", on_click=deed, class_name="k-link")


def _foot() -> rx.Component:
    refused = notice(
        _TALK.refusal,
        _TALK.what_to_do,
        rx.cond(_TALK.link, link_button(tr("Открыть"), _TALK.link, size="s")),
        tone="amber",
    )
    note = rx.cond(_TALK.wait, _TALK.wait, ThreadState.letter)
    return rx.el.footer(
        rx.cond(
            _TALK.refusal,
            refused,
            rx.fragment(
                rx.cond(note != "", rx.el.p(note, class_name="k-note", role="status")),
                _composer(),
            ),
        ),
        class_name="k-talk-foot",
    )


def _composer() -> rx.Component:
    return composer(
        _texts_menu(),
        icon_button("map-pin", tr("Отправить место на карте"), on_click=WriteState.open_place),
        thread=_TALK.id,
        insert=WriteState.insert,
        on_send=WriteState.send,
        placeholder=tr("Сообщение покупателю"),
        address="/api/whatsapp/files",
        accept=ACCEPTED,
        most_bytes=MOST_BYTES,
        longest=LONGEST,
    )


def _texts_menu() -> rx.Component:
    trigger = rx.el.button(
        rx.icon("zap", size=16, aria_hidden="true"),
        type="button",
        class_name="k-icon-button",
        custom_attrs={"aria-label": tr("Быстрые ответы"), "title": tr("Быстрые ответы")},
    )

    def reply(item: Any) -> rx.Component:
        row: ReplyRow = item
        return menu_item(row.title, on_click=WriteState.take_reply(row.id))

    return rx.menu.root(
        rx.menu.trigger(trigger),
        rx.menu.content(
            rx.foreach(ThreadState.replies, reply),
            rx.cond(ThreadState.replies.length() > 0, menu_line()),
            *(
                menu_item(tr(words), icon="file-text", on_click=WriteState.take_template(event))
                for event, words in event_titles().items()
            ),
            menu_line(),
            menu_item(tr("Настроить быстрые ответы"), icon="settings", on_click=QuickState.open),
            class_name="k-menu",
            variant="soft",
        ),
    )
