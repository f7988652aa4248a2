"""`/whatsapp/broadcasts/…`: whom, what, what it costs in days and risk, and then how it goes."""

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
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.forms import segmented
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list, page, page_header, row, stack
from cube_demper.ui.placeholders import skeleton, when_ready
from cube_demper.ui.steps import step

_BACK = (tr("Рассылки"), "/whatsapp/broadcasts")


def broadcast_page() -> rx.Component:
    """Make the page."""
    return page(
        rx.cond(BroadcastState.step == "", _standing_header(), _draft_header()),
        when_ready(
            BroadcastState.phase,
            rx.match(
                BroadcastState.step,
                ("", standing_cards()),
                ("text", _draft(text_step())),
                ("check", _draft(check_step())),
                _draft(whom_step()),
            ),
            waiting=card(skeleton(8)),
            on_retry=BroadcastState.load,
            error_text=tr("Возможно, рассылку удалили. Вернитесь к списку."),
        ),
        _question(),
    )


def _draft_header() -> rx.Component:
    form = BroadcastState.form
    return page_header(
        rx.cond(form.id == "", tr("Новая рассылка"), form.name),
        tr("До запуска никому ничего не уйдёт."),
        rx.cond(
            form.id != "",
            button(tr("Удалить"), icon="trash-2", kind="ghost", on_click=ActState.ask("remove")),
        ),
        back=_BACK,
    )


def _standing_header() -> rx.Component:
    standing = BroadcastState.standing
    return page_header(standing.name, standing.ends, *standing_actions(), back=_BACK)


def _draft(content: rx.Component) -> rx.Component:
    names = [("whom", tr("Кому")), ("text", tr("Текст")), ("check", tr("Проверка"))]
    return stack(
        row(segmented(names, BroadcastState.step, BroadcastState.go, label=tr("Шаг"))),
        step(content, now=BroadcastState.step, class_name="k-stack"),
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
