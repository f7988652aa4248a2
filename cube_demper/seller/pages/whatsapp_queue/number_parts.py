"""Cards of numbers, and the dialogs of one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.whatsapp_queue.number_state import NumberState
from cube_demper.seller.pages.whatsapp_queue.rows import NumberRow
from cube_demper.seller.pages.whatsapp_queue.state import QueueState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.dialogs import confirm_dialog, dialog, dialog_actions
from cube_demper.ui.forms import checkbox, form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, row
from cube_demper.ui.placeholders import empty_state, notice, skeleton
from cube_demper.ui.statuses import badge
from cube_demper.ui.tiles import meter


def number_cards() -> rx.Component:
    """Show the seller's numbers side by side."""
    return rx.cond(
        QueueState.numbers.length() > 0,
        rx.el.div(rx.foreach(QueueState.numbers, _number), class_name="k-numbers"),
        rx.cond(
            QueueState.phase == "loading",
            card(skeleton(3)),
            card(
                empty_state(
                    tr("Номера ещё нет"),
                    tr("Подключите WhatsApp по QR-коду: покупателям будет писать ваш номер."),
                    link_button(tr("Подключить WhatsApp"), "/messages/connection", kind="primary"),
                    icon="smartphone",
                )
            ),
        ),
    )


def _number(item: Any) -> rx.Component:
    it: NumberRow = item
    return card(
        row(_badge(it), rx.el.span(it.phone, class_name="k-note")),
        rx.cond(it.detail, rx.el.p(it.detail)),
        meter(tr("Сегодня"), it.sent, it.percent),  # type: ignore[arg-type] # a Var in foreach
        rx.el.p(it.limiter, class_name="k-note"),
        rx.el.p(it.waiting, class_name="k-note"),
        row(
            rx.cond(
                it.is_paused,
                rx.fragment(
                    button(
                        rx.cond(it.is_outage, tr("Отправить накопленное"), tr("Продолжить")),
                        kind="primary",
                        size="s",
                        on_click=NumberState.resume(it.id),
                        disabled=~it.is_working,  # type: ignore[operator] # a Var of a bool is one
                    ),
                    rx.cond(
                        it.due > 0,
                        button(
                            tr("Убрать накопленное"),
                            size="s",
                            on_click=NumberState.ask_to_drop(it.id, it.due),
                            disabled=~it.is_working,  # type: ignore[operator] # the same
                        ),
                    ),
                ),
                button(tr("Пауза"), icon="pause", size="s", on_click=NumberState.pause(it.id)),
            ),
            button(
                tr("Ограничения"),
                icon="sliders-horizontal",
                size="s",
                kind="ghost",
                on_click=NumberState.open_limits(it.id),
            ),
        ),
        title=it.label,
    )


def _badge(it: NumberRow) -> rx.Component:
    cases = (
        ("green", badge(it.state, "green", "check")),
        ("blue", badge(it.state, "blue", "clock")),
        ("amber", badge(it.state, "amber", "triangle-alert")),
        ("red", badge(it.state, "red", "octagon-alert")),
    )
    return rx.match(it.tone, *cases, badge(it.state, "gray", "circle-pause"))


def number_dialogs() -> rx.Component:
    """Make the dialogs, shut."""
    return rx.fragment(
        dialog(
            NumberState.limits.id != "",
            _limits(),
            title=tr("Ограничения номера «{label}»", label=NumberState.limits.label),
            on_close=NumberState.close,
        ),
        confirm_dialog(
            NumberState.question.id != "",
            title=NumberState.question.title,
            text=tr("Покупатели их не получат. Новые сообщения будут уходить как обычно."),
            confirm=tr("Убрать и продолжить"),
            on_confirm=NumberState.drop_queue,
            on_close=NumberState.close,
            danger=True,
        ),
    )


def _limits() -> rx.Component:
    saved, errors = NumberState.limits, NumberState.errors

    def field(name: str, label: Any, note: Any = None, **props: Any) -> rx.Component:
        control = text_input(name, error=errors[name], **props)
        return form_field(label, control, name=name, help=note, error=errors[name])

    return form(
        field(
            "daily_limit",
            tr("Не больше сообщений в день"),
            tr("От 1 до 100: больше — риск блокировки"),
            default_value=saved.daily_limit,
            input_mode="numeric",
        ),
        row(
            field("quiet_start", tr("Тихие часы с"), type="time", default_value=saved.quiet_start),
            field("quiet_end", tr("до"), type="time", default_value=saved.quiet_end),
        ),
        field(
            "in_use_since",
            tr("Номером пользуются с"),
            tr("Номер старше трёх месяцев прогревается быстрее"),
            type="date",
            default_value=saved.in_use_since,
        ),
        checkbox(
            "is_warm", tr("Номер уже прогрет, писать без разгона"), default_checked=saved.is_warm
        ),
        notice(
            tr("Новому номеру лучше не спешить"),
            tr("Блокируют чаще всего за первые дни: мы начинаем с 20 сообщений в день."),
        ),
        dialog_actions(
            button(tr("Отмена"), on_click=NumberState.close),
            button(tr("Сохранить"), kind="primary", submit=True),
        ),
        on_submit=NumberState.save_limits,
    )
