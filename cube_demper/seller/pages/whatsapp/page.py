"""`/messages/connection`: agree to the risks, link a number, see how it is."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.whatsapp.number_parts import (
    naming_dialog,
    number_card,
    question_dialog,
)
from cube_demper.seller.pages.whatsapp.risk_parts import risk_card
from cube_demper.seller.pages.whatsapp.state import WhatsAppState
from cube_demper.seller.plans.view import page_or_lack
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, stack
from cube_demper.ui.placeholders import notice, skeleton, when_ready


def whatsapp_page() -> rx.Component:
    """Make the page."""
    return page_or_lack(_page(), "whatsapp", keep=WhatsAppState.numbers.length() > 0)


def _page() -> rx.Component:
    return page(
        page_header(
            tr("WhatsApp"),
            tr("Номера, с которых магазин пишет покупателям о заказах."),
            link_button(tr("Сообщения"), "/messages", icon="messages-square"),
            link_button(tr("Шаблоны"), "/messages/templates", icon="message-square-text"),
            link_button(tr("Рассылки"), "/messages/broadcasts", icon="megaphone"),
            link_button(tr("Очередь"), "/messages/queue", icon="list"),
        ),
        when_ready(
            WhatsAppState.phase,
            _content(),
            waiting=card(skeleton(5)),
            on_retry=WhatsAppState.load,
        ),
        question_dialog(),
        naming_dialog(),
    )


def _content() -> rx.Component:
    return rx.cond(
        WhatsAppState.is_on,
        rx.cond(WhatsAppState.has_agreed, _numbers(), risk_card()),
        notice(
            tr("WhatsApp пока не подключён на сервере"),
            tr("Напишите в поддержку: мы включим его для вас."),
            tone="amber",
        ),
    )


def _numbers() -> rx.Component:
    return stack(
        rx.cond(
            WhatsAppState.is_idle,
            notice(
                tr("Номер готов, но магазины ещё никому не пишут"),
                tr("Посмотрите тексты и включите сообщения магазина."),
                link_button(tr("К шаблонам"), "/messages/templates", kind="primary", size="s"),
            ),
        ),
        rx.foreach(WhatsAppState.numbers, number_card),
        card(
            form(
                form_field(
                    tr("Название номера"),
                    text_input(
                        "label",
                        placeholder=tr("Например, «Магазин»"),
                        key=WhatsAppState.numbers.length().to_string(),  # empty for the next one
                    ),
                    name="label",
                    help=tr("Видите только вы. Лучше отдельный номер, не личный."),
                ),
                rx.el.div(
                    button(tr("Подключить номер"), kind="primary", icon="qr-code", submit=True),
                    class_name="k-row",
                ),
                on_submit=WhatsAppState.add,
            ),
            title=rx.cond(
                WhatsAppState.numbers.length() > 0, tr("Ещё один номер"), tr("Первый номер")
            ),
        ),
    )
