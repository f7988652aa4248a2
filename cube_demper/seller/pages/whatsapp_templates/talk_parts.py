"""The card «Когда писать»: a store's switch, number and language, and its events."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.whatsapp_templates.rows import EventRow
from cube_demper.seller.pages.whatsapp_templates.talk_state import TalkState
from cube_demper.ui.actions import link_button
from cube_demper.ui.forms import form_field, select, switch
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack
from cube_demper.ui.placeholders import empty_state, notice, skeleton, when_ready


def talk_card() -> rx.Component:
    """Show when the chosen store writes."""
    talk = TalkState.talk
    return card(
        when_ready(
            TalkState.phase,
            rx.cond(talk.store_id, _store(), _none()),
            waiting=skeleton(5),
            on_retry=TalkState.load,
        ),
        title=tr("Когда писать"),
        note=talk.name,
    )


def _none() -> rx.Component:
    return empty_state(
        tr("Магазина ещё нет"),
        tr("Подключите магазин Kaspi: писать будем его покупателям."),
        link_button(tr("Подключить магазин"), "/stores/connect", kind="primary"),
        icon="store",
    )


def _store() -> rx.Component:
    talk = TalkState.talk
    return stack(
        rx.cond(
            TalkState.stores.length() > 1,
            form_field(
                tr("Магазин"),
                select(
                    "talk-store",
                    TalkState.stores,
                    value=talk.store_id,
                    on_change=TalkState.choose_store,
                ),
                name="talk-store",
            ),
        ),
        rx.cond(TalkState.numbers.length() > 0, rx.fragment(), _no_number()),
        rx.cond(
            (TalkState.numbers.length() > 0) & ~TalkState.has_agreed,
            notice(
                tr("Сначала прочтите о рисках"),
                tr("WhatsApp может заблокировать номер. Согласие — на странице WhatsApp."),
                link_button(tr("Прочитать"), "/messages/connection", size="s"),
                tone="amber",
            ),
        ),
        switch(
            talk.is_enabled,
            tr("Писать покупателям магазина"),
            on_change=TalkState.set_enabled,
            words=rx.cond(talk.is_enabled, tr("Пишем покупателям"), tr("Не пишем никому")),
            disabled=(TalkState.numbers.length() == 0) | ~TalkState.has_agreed,
        ),
        rx.cond(TalkState.numbers.length() > 0, _number()),
        form_field(
            tr("Язык сообщений"),
            select(
                "talk-language",
                [("ru", tr("Русский")), ("kk", tr("Казахский"))],
                value=talk.language,
                on_change=TalkState.choose_language,
            ),
            name="talk-language",
        ),
        rx.el.ul(rx.foreach(TalkState.events, _event), class_name="k-events"),
    )


def _no_number() -> rx.Component:
    return notice(
        tr("Номера ещё нет"),
        tr("Подключите WhatsApp по QR-коду: сообщения будут уходить с вашего номера."),
        link_button(tr("Подключить"), "/messages/connection", size="s"),
        tone="amber",
    )


def _number() -> rx.Component:
    return form_field(
        tr("С какого номера"),
        select(
            "talk-number",
            TalkState.numbers,
            value=TalkState.talk.session_id,
            on_change=TalkState.choose_number,
        ),
        name="talk-number",
    )


def _event(item: Any) -> rx.Component:
    it: EventRow = item
    return rx.el.li(
        switch(
            it.is_on,
            it.title,
            on_change=lambda wished: TalkState.set_event(it.event, wished),
            words=rx.el.span(it.title, class_name="k-strong"),
        ),
        rx.el.span(
            rx.el.select(
                rx.foreach(it.delays, lambda o: rx.el.option(o["label"], value=o["value"])),
                value=it.delay,
                on_change=lambda minutes: TalkState.set_delay(it.event, minutes),
                disabled=~it.is_on,  # type: ignore[operator] # a Var of a bool is one
                custom_attrs={"aria-label": tr("Задержка: {event}", event=it.title)},
            ),
            rx.icon("chevron-down", size=16, aria_hidden="true"),
            class_name="k-input k-select",
        ),
        rx.el.span(it.when, class_name="k-note"),
        key=it.event,
    )
