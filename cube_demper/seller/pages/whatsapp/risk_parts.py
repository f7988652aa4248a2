"""What a seller reads before WhatsApp is switched on."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.whatsapp.state import WhatsAppState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import checkbox, form
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack


def risk_card() -> rx.Component:
    """Tell the risks and ask for consent; off until then."""
    risks = (
        tr(
            "WhatsApp запрещает сторонние программы и может заблокировать номер, иногда навсегда. "
            "Не подключайте личный номер: возьмите отдельный, которым уже пользовались."
        ),
        tr(
            "Kaspi разрешает писать покупателю только о его заказе. Реклама, просьбы купить мимо Kaspi "
            "и награды за отзывы нарушают правила площадки: магазин могут отключить."
        ),
        tr(
            "Чем больше незнакомых людей получают сообщения, тем выше риск. Поэтому мы пишем не чаще "
            "раза в 30 секунд, не больше 100 сообщений в день, ночью молчим и слушаемся слова «стоп»."
        ),
        tr(
            "Номер подключается как «Связанное устройство». Переписку, пришедшую на номер, мы храним "
            "зашифрованной и показываем вам и сотрудникам с правом «Сообщения»."
        ),
    )
    return card(
        stack(
            rx.el.ul(*(rx.el.li(risk) for risk in risks), class_name="k-how-list"),
            form(
                checkbox("agreed", tr("Прочитал, понимаю риск и беру его на себя")),
                rx.cond(
                    WhatsAppState.errors["agreed"],
                    rx.el.p(
                        WhatsAppState.errors["agreed"], class_name="k-form-error", role="alert"
                    ),
                ),
                rx.el.div(
                    button(tr("Включить WhatsApp"), kind="primary", submit=True), class_name="k-row"
                ),
                on_submit=WhatsAppState.agree,
            ),
        ),
        title=tr("Прежде чем включить"),
    )
