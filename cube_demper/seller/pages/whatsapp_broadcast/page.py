"""`/messages/broadcasts/…`: whom, what, what it costs in days and risk, and then how it goes."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.whatsapp_broadcast.act_state import ActState
from cube_demper.seller.pages.whatsapp_broadcast.check_parts import check_step
from cube_demper.seller.pages.whatsapp_broadcast.draft_parts import text_step, whom_step
from cube_demper.seller.pages.whatsapp_broadcast.standing_parts import (
    standing_actions,
    standing_cards,
)
from cube_demper.seller.pages.whatsapp_broadcast.state import BroadcastState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.forms import segmented
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list, page, page_header, row, stack
from cube_demper.ui.placeholders import empty_state, error_state, skeleton
from cube_demper.ui.steps import step

_BACK = (tr("Рассылки"), "/messages/broadcasts")


def broadcast_page() -> rx.Component:
    """Make the page."""
    return page(
        rx.match(
            BroadcastState.phase,
            ("ready", rx.cond(BroadcastState.step == "", _standing(), _draft())),
            ("missing", _missing()),
            ("error", rx.el.div(error_state(on_retry=BroadcastState.load), class_name="k-card")),
            card(skeleton(8)),
        ),
        _question(),
    )


def _standing() -> rx.Component:
    standing = BroadcastState.standing
    header = page_header(standing.name, standing.ends, *standing_actions(), back=_BACK)
    return rx.fragment(header, standing_cards())


def _draft() -> rx.Component:
    form = BroadcastState.form
    names = [("whom", tr("Кому")), ("text", tr("Текст")), ("check", tr("Проверка"))]
    steps = rx.match(
        BroadcastState.step, ("text", text_step()), ("check", check_step()), whom_step()
    )
    header = page_header(
        rx.cond(form.id == "", tr("Новая рассылка"), form.name),
        tr("До запуска никому ничего не уйдёт."),
        rx.cond(
            form.id != "",
            button(tr("Удалить"), icon="trash-2", kind="ghost", on_click=ActState.ask("remove")),
        ),
        back=_BACK,
    )
    return rx.fragment(
        header,
        stack(
            row(segmented(names, BroadcastState.step, BroadcastState.go, label=tr("Шаг"))),
            step(steps, now=BroadcastState.step, class_name="k-stack"),
        ),
    )


def _missing() -> rx.Component:
    return rx.el.div(
        empty_state(
            tr("Рассылка не найдена"),
            tr("Возможно, её черновик удалили или ссылка неполная."),
            link_button(tr("Открыть все рассылки"), _BACK[1], kind="primary"),
            icon="megaphone-off",
        ),
        class_name="k-card",
    )


def _question() -> rx.Component:
    question = ActState.question
    return confirm_dialog(
        question.act != "",
        title=question.title,
        text=question.text,
        confirm=question.confirm,
        on_confirm=ActState.confirm,
        on_close=ActState.close,
        numbers=fact_list(question.facts),
        danger=True,
    )
