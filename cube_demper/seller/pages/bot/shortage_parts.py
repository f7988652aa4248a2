"""The forecast over the page, in «почему бот не ведёт товары» and at the settings that help."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.bot.state import BotState
from cube_demper.ui.actions import link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import dot

_SHORT = BotState.shortage


def shortage_notice() -> rx.Component:
    """Say that changes are short, until when, and what helps."""
    return rx.cond(
        _SHORT.title,
        notice(
            _SHORT.title,
            rx.fragment(
                _SHORT.text,
                " ",
                _SHORT.missing,
                " ",
                tr(
                    "Что поможет: больший шаг цены, больший интервал проверки, "
                    "бот только у ходовых товаров."
                ),
            ),
            link_button(tr("Товары с ботом"), _SHORT.goods_link),
            tone="amber",
        ),
    )


def queue_line() -> rx.Component:
    """Say beside the reasons that prices wait, too."""
    return rx.cond(
        _SHORT.queue,
        rx.el.p(
            dot("amber"),
            rx.el.span(_SHORT.queue),
            class_name="k-row k-second",
            style={"padding": "0 16px 12px", "margin": "0", "flexWrap": "nowrap"},
        ),
    )


def settings_hint() -> rx.Component:
    """Say at the settings which of them spare changes."""
    return rx.cond(
        _SHORT.title,
        rx.el.p(
            dot("amber"),
            rx.el.span(
                tr(
                    "Изменений не хватает. Больший шаг быстрее заканчивает гонку цен; с большим "
                    "интервалом бот не отвечает на цены, которые держатся минуты, но и первое "
                    "место возвращает позже."
                )
            ),
            class_name="k-row k-second",
            style={"margin": "0 0 12px", "flexWrap": "nowrap", "alignItems": "baseline"},
        ),
    )
