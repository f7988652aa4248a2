"""The last step: how many, how long, how dangerous, the first messages as they will arrive, and the start."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.messaging.broadcasts.words import KASPI_RULE
from cube_demper.seller.pages.whatsapp_broadcast.act_state import ActState
from cube_demper.seller.pages.whatsapp_broadcast.draft_parts import left_out_card
from cube_demper.seller.pages.whatsapp_broadcast.rows import SampleRow
from cube_demper.seller.pages.whatsapp_broadcast.state import BroadcastState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import checkbox, form
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, stack
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.statuses import dot
from cube_demper.ui.tiles import fact_strip

_CHECK = BroadcastState.check


def check_step() -> rx.Component:
    """Tell all of it before the start; where nobody fits there is nothing to tell."""
    return rx.cond(
        BroadcastState.reach.people > 0, _told(), stack(card(_nobody()), left_out_card())
    )


def _told() -> rx.Component:
    return stack(
        fact_strip(
            (tr("Получат"), BroadcastState.reach.words, BroadcastState.reach.cold),
            (tr("Займёт"), _CHECK.days, _CHECK.ends),
            (tr("Скорость"), _CHECK.a_day, tr("Сообщения о заказах уходят первыми")),
        ),
        _danger(),
        notice(tr("Правила Kaspi"), tr(KASPI_RULE), tone="amber"),
        columns(_samples(), stack(_causes(), left_out_card(), _start())),
    )


def _danger() -> rx.Component:
    def told(tone: str) -> rx.Component:
        return notice(_CHECK.danger, _CHECK.meaning, tone=tone)

    return rx.match(_CHECK.tone, ("red", told("red")), ("amber", told("amber")), told("green"))


def _causes() -> rx.Component:
    causes: Any = _CHECK.causes
    return rx.cond(
        causes.length() > 0,
        card(
            rx.el.ul(
                rx.foreach(causes, lambda cause: rx.el.li(dot("amber"), rx.el.span(cause))),
                class_name="k-remarks",
            ),
            title=tr("Что повышает риск"),
        ),
    )


def _samples() -> rx.Component:
    def letter(sample: rx.vars.ObjectVar[SampleRow]) -> rx.Component:
        return rx.el.div(
            rx.el.p(sample.person, class_name="k-note"),
            rx.el.div(sample.text, class_name="k-bubble"),
        )

    return card(
        rx.el.div(rx.foreach(_CHECK.samples, letter), class_name="k-chat k-stack"),
        title=tr("Первые сообщения"),
        note=tr("как их увидят"),
    )


def _nobody() -> rx.Component:
    return empty_state(
        tr("Никто не подходит"),
        tr("Расширьте условия: тогда покажем, сколько дней это займёт и чем рискует номер."),
        button(tr("Изменить условия"), kind="primary", on_click=BroadcastState.go("whom")),
        icon="user-x",
    )


def _start() -> rx.Component:
    wrong: Any = ActState.errors["agreed"]
    return card(
        stack(
            rx.cond(
                _CHECK.obstacle, notice(tr("Пока не запустить"), _CHECK.obstacle, tone="amber")
            ),
            form(
                checkbox(
                    "agreed",
                    tr(
                        "Понимаю, что номер могут заблокировать, а магазин — отключить. Риск беру на себя"
                    ),
                ),
                rx.cond(wrong, rx.el.p(wrong, class_name="k-form-error", role="alert")),
                button(
                    tr("Запустить рассылку"),
                    kind="primary",
                    icon="send",
                    submit=True,
                    disabled=~_CHECK.is_open,
                ),
                on_submit=ActState.start,
            ),
        ),
        title=tr("Запуск"),
    )
