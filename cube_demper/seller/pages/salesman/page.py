"""`/messages/salesman`: what the AI salesman proposes, has said and may offer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.salesman.deciding import PAGE_SIZE
from cube_demper.seller.pages.salesman.desk_parts import desk_cards, desk_dialog
from cube_demper.seller.pages.salesman.rows import ThoughtRow
from cube_demper.seller.pages.salesman.state import SalesmanState
from cube_demper.seller.plans.view import page_or_lack
from cube_demper.ui.actions import button, link_button, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.filters import Tab, pager, tabs
from cube_demper.ui.forms import form, form_field, text_area
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header, row, stack
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.statuses import badge


def salesman_page() -> rx.Component:
    """Make the page, or say which plan has it."""
    return page_or_lack(_page(), "ai")


def _page() -> rx.Component:
    return page(
        page_header(
            tr("ИИ-продавец"),
            tr("Пишет покупателям после заказа. Цены, скидки и обещания проверяет программа."),
            link_button(tr("Очередь"), "/messages/queue", icon="list"),
        ),
        when_ready(SalesmanState.phase, _body(), on_retry=SalesmanState.load),
        _rewording(),
        desk_dialog(),
    )


def _body() -> rx.Component:
    head, counts = SalesmanState.head, SalesmanState.counts
    return stack(
        rx.el.div(
            _fact(tr("Токены тарифа"), head.tokens, tr("На них пишут все ИИ-сотрудники.")),
            _fact(tr("Что это даёт"), head.gain, head.gain_note),
            class_name="k-halves",
        ),
        desk_cards(),
        tabs(
            [
                Tab("", tr("Ждут решения"), counts["waiting"]),
                Tab("handed", tr("Зовут вас"), counts["handed"], "amber", is_rare=True),
                Tab("sent", tr("Отправлены"), counts["sent"]),
                Tab("other", tr("Остальные"), counts["other"]),
            ],
            rx.cond(SalesmanState.tab == "waiting", "", SalesmanState.tab),
        ),
        rx.cond(SalesmanState.rows.length() > 0, _rows(), _empty()),
        pager(SalesmanState.total, SalesmanState.page, PAGE_SIZE),
    )


def _fact(title: Any, value: Any, note: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.p(title, class_name="k-note"),
            rx.el.p(value, class_name="k-strong"),
            rx.el.p(note, class_name="k-note"),
            class_name="k-card-body k-stack-s",
        ),
        class_name="k-card",
    )


def _rows() -> rx.Component:
    return rx.el.ul(
        rx.foreach(SalesmanState.rows, _row),
        class_name="k-stack",
        style={"listStyle": "none", "padding": 0},
        aria_label=tr("Сообщения ИИ-продавца"),
    )


def _row(entry: Any) -> rx.Component:
    it: ThoughtRow = entry
    return rx.el.li(
        rx.el.div(
            rx.el.h3(it.person),
            badge(it.trigger, "gray"),
            badge(it.state, it.tone),
            rx.el.span(it.when, class_name="k-note k-push"),
            class_name="k-card-head",
        ),
        rx.el.div(
            rx.cond(it.text != "", rx.el.p(it.text, class_name="k-said")),
            rx.cond(it.reason != "", rx.el.p(it.reason, class_name="k-note")),
            row(
                rx.cond(it.is_waiting, _choices(it)),
                text_link(tr("Переписка"), it.talk),
                rx.cond(it.order != "", text_link(tr("Заказ"), it.order)),
            ),
            class_name="k-card-body k-stack",
        ),
        class_name="k-card",
    )


def _choices(it: ThoughtRow) -> rx.Component:
    return rx.fragment(
        button(
            tr("Отправить"),
            icon="send",
            kind="primary",
            on_click=SalesmanState.approve(it.id),
        ),
        button(tr("Изменить"), icon="pencil", on_click=SalesmanState.reword(it.id)),
        button(tr("Отклонить"), on_click=SalesmanState.decline(it.id)),
    )


def _rewording() -> rx.Component:
    it, errors = SalesmanState.rewording, SalesmanState.errors
    return dialog(
        it.id != "",
        form(
            form_field(
                tr("Текст"),
                text_area("text", error=errors["text"], default_value=it.text, rows=8),
                name="text",
                error=errors["text"],
                help=tr("Уйдёт ровно то, что здесь написано: за свои слова отвечаете вы."),
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=SalesmanState.put_away),
                button(tr("Отправить"), icon="send", kind="primary", submit=True),
            ),
            on_submit=SalesmanState.send_reworded,
        ),
        title=tr("Сообщение для {person}", person=it.person),
        on_close=SalesmanState.put_away,
    )


def _empty() -> rx.Component:
    return rx.match(
        SalesmanState.tab,
        ("sent", empty_state(tr("Ещё ничего не отправлено"), icon="send")),
        ("handed", empty_state(tr("Никто не ждёт"), icon="circle-check")),
        ("other", empty_state(tr("Здесь пусто"), icon="circle-check")),
        empty_state(
            tr("Решать пока нечего"),
            tr("Когда придёт заказ, здесь появится готовое сообщение покупателю."),
            icon="sparkles",
        ),
    )
