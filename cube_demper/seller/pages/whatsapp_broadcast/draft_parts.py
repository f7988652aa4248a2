"""The steps of a draft: whom it goes to, and what it says."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.messaging.filling import VARIABLES
from cube_demper.seller.pages.whatsapp_broadcast.form import StoreChoice
from cube_demper.seller.pages.whatsapp_broadcast.state import BroadcastState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import checkbox, form_field, select, text_area, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, fact_list, row, stack

_FORM = BroadcastState.form


def whom_step() -> rx.Component:
    """Ask for the buyers, and count them."""
    return columns(
        card(
            stack(
                _input("name", tr("Название"), tr("Видите только вы"), placeholder=tr("Осень")),
                rx.cond(BroadcastState.options.has_stores, _stores()),
                _pair(
                    _input("since", tr("Покупали с"), type="date"),
                    _input("until", tr("Покупали по"), type="date"),
                ),
                _pair(
                    _select("category", tr("Категория"), BroadcastState.options.categories),
                    _input("product", tr("Товар"), tr("Слова из названия")),
                ),
                _pair(
                    _select("city", tr("Город"), BroadcastState.options.cities),
                    _input("least_orders", tr("Заказов не меньше"), input_mode="numeric"),
                ),
                _input(
                    "rest_days",
                    tr("Не писать тем, кто получал рассылку за последние"),
                    tr("0 — писать и им"),
                    input_mode="numeric",
                    unit=tr("дней"),
                ),
                checkbox(
                    "only_wrote",
                    tr("Только тем, кто сам вам писал: так риск блокировки намного ниже"),
                    checked=_FORM.only_wrote,
                    on_change=lambda value: BroadcastState.write("only_wrote", value),
                ),
                rx.cond(
                    BroadcastState.options.has_numbers,
                    _select("session_id", tr("С номера"), BroadcastState.options.numbers),
                ),
            ),
            title=tr("Кому"),
        ),
        stack(_reach_card(), left_out_card(), _on("text", tr("Дальше: текст"))),
    )


def text_step() -> rx.Component:
    """Ask for the words in both languages and show what the first person reads."""
    return columns(
        card(
            stack(
                _text("text_ru", tr("Текст по-русски"), ""),
                _text(
                    "text_kk",
                    tr("Текст на казахском"),
                    tr("Его получат те, кто пишет вам по-казахски. Можно не заполнять."),
                ),
            ),
            title=tr("Текст"),
        ),
        stack(_preview(), _reach_card(), _on("check", tr("Дальше: проверка"))),
    )


def left_out_card() -> rx.Component:
    """Show who fits the filter and is not written to."""
    facts = BroadcastState.reach.facts
    return rx.cond(facts.length() > 0, card(fact_list(facts), title=tr("Не напишем")))


def _reach_card() -> rx.Component:
    reach = BroadcastState.reach
    return card(
        rx.el.p(reach.words, class_name="k-tile-value", id="reach", role="status"),
        rx.cond(reach.cold, rx.el.p(reach.cold, class_name="k-second")),
        title=tr("Получат"),
    )


def _preview() -> rx.Component:
    sample = BroadcastState.sample
    return card(
        rx.el.div(
            rx.el.div(
                rx.cond(sample.text, sample.text, tr("Напишите текст, и он появится здесь.")),
                class_name="k-bubble",
                id="preview",
                role="status",
            ),
            class_name="k-chat",
        ),
        title=tr("Увидит покупатель"),
        note=sample.person,
    )


def _text(name: str, label: Any, help: Any) -> rx.Component:  # noqa: A002 - the kit's word
    wrong = BroadcastState.errors[name]
    words = rx.el.div(
        *(
            button(tr(text), icon="plus", size="s", on_click=BroadcastState.insert(name, variable))
            for variable, text in VARIABLES.items()
        ),
        class_name="k-words",
        role="group",
        aria_label=tr("Добавить в текст"),
    )
    area = text_area(
        name,
        value=getattr(_FORM, name),
        on_change=lambda text: BroadcastState.write(name, text),
        debounce=300,
        error=wrong,
        rows="6",
    )
    return stack(form_field(label, area, name=name, help=help, error=wrong), words)


def _stores() -> rx.Component:
    def line(store: rx.vars.ObjectVar[StoreChoice]) -> rx.Component:
        return checkbox(
            store.id,  # type: ignore[arg-type] # a Var of a string
            store.name,
            checked=store.is_chosen,
            on_change=BroadcastState.toggle_store(store.id),
        )

    return rx.el.div(
        rx.el.p(tr("Магазины: без отметок — все"), class_name="k-strong"),
        rx.foreach(_FORM.stores, line),
        class_name="k-stack",
        role="group",
        aria_label=tr("Магазины"),
    )


def _input(name: str, label: Any, help: Any = None, **props: Any) -> rx.Component:  # noqa: A002
    wrong = BroadcastState.errors[name]
    control = text_input(
        name,
        value=getattr(_FORM, name),
        on_change=lambda text: BroadcastState.write(name, text),
        debounce_timeout=300,
        error=wrong,
        **props,
    )
    return form_field(label, control, name=name, help=help, error=wrong)


def _select(name: str, label: Any, options: Any) -> rx.Component:
    control = select(
        name,
        options,
        value=getattr(_FORM, name),
        on_change=lambda value: BroadcastState.write(name, value),
    )
    return form_field(label, control, name=name)


def _pair(*fields: rx.Component) -> rx.Component:
    return rx.el.div(*fields, class_name="k-duo")


def _on(step: str, words: Any) -> rx.Component:
    return row(button(words, kind="primary", on_click=BroadcastState.go(step)))
