"""A broadcast that has begun: how far it is, what came of it, and its buttons."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.whatsapp_broadcast.act_state import ActState
from cube_demper.seller.pages.whatsapp_broadcast.state import BroadcastState
from cube_demper.seller.pages.whatsapp_broadcasts.page import broadcast_badge
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, fact_list, stack
from cube_demper.ui.placeholders import notice
from cube_demper.ui.tiles import fact_strip, progress_bar

_IT = BroadcastState.standing


def standing_actions() -> tuple[rx.Component, ...]:
    """Return the buttons of the page's head."""
    is_open = (_IT.status == "running") | (_IT.status == "paused")
    return (
        button(tr("Скопировать в новую"), icon="copy", kind="ghost", on_click=ActState.copy),
        rx.cond(
            is_open,
            button(tr("Остановить"), icon="circle-stop", on_click=ActState.ask("stop")),
        ),
        rx.match(
            _IT.status,
            ("running", button(tr("Пауза"), icon="pause", kind="primary", on_click=ActState.pause)),
            ("paused", button(tr("Продолжить"), icon="play", kind="primary", on_click=ActState.go_on)),
            rx.fragment(),
        ),
    )  # fmt: skip


def standing_cards() -> rx.Component:
    """Show how far it is."""
    return stack(
        rx.cond(
            _IT.held,
            notice(
                tr("Сейчас не уходит"),
                _IT.held,
                link_button(tr("Очередь и номера"), "/messages/queue", size="s"),
                tone="amber",
            ),
        ),
        card(
            stack(
                rx.el.p(_IT.summary, class_name="k-tile-value", id="progress", role="status"),
                progress_bar(_IT.percent, tr("Ход рассылки")),
            ),
            title=tr("Пройдено"),
            action=broadcast_badge(_IT.status),
        ),
        fact_strip(
            (tr("Отправлено"), _IT.sent, ""),
            (tr("Доставлено"), _IT.delivered, ""),
            (tr("Прочитано"), _IT.read, ""),
            (tr("Ответили"), _IT.answered, ""),
        ),
        columns(_texts(), _others()),
    )


def _texts() -> rx.Component:
    return card(
        rx.el.div(
            rx.foreach(_IT.texts, lambda text: rx.el.div(text, class_name="k-bubble")),
            class_name="k-chat k-stack",
        ),
        title=tr("Текст"),
    )


def _others() -> rx.Component:
    return card(
        rx.cond(
            _IT.others.length() > 0,
            fact_list(_IT.others),
            rx.el.p(tr("Пока всем, до кого дошла очередь, написали."), class_name="k-second"),
        ),
        title=tr("Не дошло"),
    )
