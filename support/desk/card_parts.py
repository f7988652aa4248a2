"""The right part: who writes, how their business is doing, and what may be done for them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import confirm_dialog, side_panel
from cube_demper.ui.i18n import tr
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import skeleton, when_ready
from cube_demper.ui.statuses import badge
from support.desk.card_rows import Line, StoreView
from support.desk.card_state import CardState
from support.desk.chat_rows import RoundView
from support.desk.chat_state import ChatState

_CARD = CardState.card


def card_part() -> rx.Component:
    """Show the card beside the chat."""
    return rx.el.aside(_card(), class_name="k-inbox-side", aria_label=tr("О клиенте"))


def card_panel() -> rx.Component:
    """Show the same over the chat: on a phone there is no room beside it."""
    return rx.fragment(
        side_panel(
            CardState.is_aside, _card(), title=tr("О клиенте"), on_close=CardState.show(False)
        ),
        confirm_dialog(
            CardState.doomed != "",
            title=tr("Попросить войти в Kaspi заново?"),
            text=tr(
                "Текущий вход магазина станет недействительным. Пока клиент не войдёт, его цены стоят. "
                "Если пароль сохранён, мы сначала попробуем войти сами."
            ),
            confirm=tr("Попросить"),
            on_confirm=CardState.ask_to_sign_in,
            on_close=CardState.keep,
            danger=True,
        ),
    )


def _card() -> rx.Component:
    return when_ready(
        CardState.phase,
        rx.el.div(
            _person(),
            _money(),
            _stores(),
            _lines(tr("Почему товары не проверяются"), _CARD.conditions),
            _lines(tr("О чём предупреждали"), _CARD.troubles),
            _lines(tr("Последние цены бота"), _CARD.changes),
            _rounds(),
            class_name="k-desk-card",
        ),
        waiting=skeleton(10),
        on_retry=CardState.load,
        error_text=tr("Данные клиента на месте, их не получилось показать."),
    )


def _section(title: Any, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title), *content, class_name="k-desk-section")


def _person() -> rx.Component:
    seen = rx.fragment(tr("Был в сети"), " ", age(_CARD.seen_at))
    return _section(
        _CARD.name,
        rx.el.p(_CARD.email, class_name="k-second"),
        rx.cond(
            _CARD.works_for,
            rx.el.p(tr("Сотрудник продавца «{name}»", name=_CARD.works_for), class_name="k-note"),
        ),
        rx.el.p(tr("В сервисе с"), " ", _CARD.since, class_name="k-note"),
        rx.el.p(rx.cond(_CARD.seen_at, seen, tr("Ещё не заходил")), class_name="k-note"),
        rx.cond(_CARD.is_blocked, rx.el.p(badge(tr("Доступ закрыт"), "red", "ban"))),
        rx.cond(
            _CARD.is_confirmed,
            rx.fragment(),
            rx.el.div(
                badge(tr("Почта не подтверждена"), "amber", "mail-warning"),
                button(
                    tr("Отправить письмо ещё раз"),
                    size="s",
                    icon="mail",
                    on_click=CardState.send_confirmation,
                ),
                class_name="k-row",
            ),
        ),
    )


def _money() -> rx.Component:
    payment = _CARD.payment
    return _section(
        tr("Тариф и оплата"),
        rx.el.p(badge(_CARD.plan, _CARD.plan_tone), " ", _CARD.plan_note),
        rx.el.p(_CARD.usage, class_name="k-note"),
        rx.cond(
            _CARD.balance,
            rx.el.p(tr("На балансе {sum}", sum=_CARD.balance), class_name="k-note"),
        ),
        rx.cond(
            payment.id,
            rx.el.p(badge(payment.words, payment.tone), " ", payment.note),
            rx.el.p(payment.words, class_name="k-note"),
        ),
        rx.cond(payment.more, rx.el.p(payment.more, class_name="k-note")),
        rx.el.p(tr("Заказы: "), _CARD.orders, class_name="k-note"),
    )


def _stores() -> rx.Component:
    return _section(
        tr("Магазины"),
        rx.cond(
            _CARD.stores.length() > 0,
            rx.el.ul(rx.foreach(_CARD.stores, _store), class_name="k-desk-list"),
            rx.el.p(tr("Магазин ещё не подключён."), class_name="k-second"),
        ),
        rx.cond(_CARD.more_stores, rx.el.p(_CARD.more_stores, class_name="k-note")),
    )


def _store(item: Any) -> rx.Component:
    store: StoreView = item
    return rx.el.li(
        rx.el.p(
            rx.el.b(store.name), " ", rx.el.span(store.merchant, class_name="k-note")
        ),
        rx.el.p(badge(store.words, store.tone), class_name="k-desk-wrap"),
        rx.el.p(
            tr("Под ботом"), " ", store.bots, tr(", проверка "),
            age(store.looked_at, never=tr("ещё не было")), class_name="k-note",
        ),
        rx.el.p(store.sync, class_name="k-note"),
        rx.el.p(store.orders, class_name="k-note"),
        rx.el.div(
            rx.cond(
                store.can_resync,
                button(
                    tr("Обновить каталог"),
                    size="s",
                    icon="refresh-cw",
                    on_click=CardState.resync(store.id),
                ),
            ),
            rx.cond(
                store.can_ask,
                button(
                    tr("Попросить войти"),
                    size="s",
                    icon="key-round",
                    on_click=CardState.ask(store.id),
                ),
            ),
            class_name="k-row",
        ),
        key=store.id,
    )  # fmt: skip


def _lines(title: Any, lines: Any) -> rx.Component:
    return rx.cond(
        lines.length() > 0,
        _section(title, rx.el.ul(rx.foreach(lines, _line), class_name="k-desk-list")),
    )


def _line(item: Any) -> rx.Component:
    line: Line = item
    return rx.el.li(
        rx.el.p(
            rx.el.span(
                class_name="k-dot", aria_hidden="true", custom_attrs={"data-tone": line.tone}
            ),
            " ",
            line.words,
        ),
        rx.cond(line.note, rx.el.p(line.note, class_name="k-note")),
        rx.cond(line.more, rx.el.p(line.more, class_name="k-note")),
        key=line.id,
    )


def _rounds() -> rx.Component:
    return rx.cond(
        ChatState.chat.rounds.length() > 1,
        _section(
            tr("Обращения"),
            rx.el.ul(rx.foreach(ChatState.chat.rounds, _round), class_name="k-desk-list"),
        ),
    )


def _round(item: Any) -> rx.Component:
    it: RoundView = item
    return rx.el.li(
        rx.el.p(it.number, " ", rx.cond(it.rating, badge(it.rating, "blue", "star"))),
        rx.el.p(it.when, class_name="k-note"),
        rx.cond(it.words, rx.el.p(it.words, class_name="k-note", dir="auto")),
    )
