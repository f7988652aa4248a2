"""What a seller fills in: how to sign in, the code, the shop."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.connect.rows import ShopView
from cube_demper.seller.pages.connect.state import ConnectState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.forms import checkbox, form, form_field, password_input, segmented, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import row
from cube_demper.ui.live_value import countdown
from cube_demper.ui.placeholders import notice

_WAYS = (
    ("email", tr("Почта и пароль")),
    ("phone", tr("Телефон и SMS")),
    ("feed", tr("Без пароля")),
)


def sign_in_form() -> rx.Component:
    """Choose a way in and give what it needs; over it, why the last try ended."""
    view = ConnectState.view
    return rx.fragment(
        rx.el.h2(rx.cond(view.is_again, tr("Войдите в Kaspi заново"), tr("Как подключаем?"))),
        rx.cond(view.why_again, rx.el.p(view.why_again, ".", class_name="k-second")),
        rx.cond(view.refusal, _refusal()),
        rx.cond(
            view.is_again,
            segmented(
                _WAYS[:2], ConnectState.way, ConnectState.choose_way, label=tr("Способ входа")
            ),
            segmented(_WAYS, ConnectState.way, ConnectState.choose_way, label=tr("Способ входа")),
        ),
        rx.match(
            ConnectState.way,
            ("phone", _by_phone()),
            ("feed", _by_feed()),
            _by_email(),
        ),
    )


def _refusal() -> rx.Component:
    view = ConnectState.view
    wait = rx.cond(
        view.retry_at,
        rx.el.span(
            tr("Попробовать снова можно"),
            " ",
            countdown(view.retry_at, prefix=tr("через"), done=tr("уже сейчас")),
        ),
        rx.fragment(),
    )
    write = link_button(tr("Написать в поддержку"), view.support, icon="mail")
    return notice(view.refusal, wait, rx.cond(view.support, write), tone="red")


def _by_email() -> rx.Component:
    errors, typed = ConnectState.errors, ConnectState.typed
    return form(
        form_field(
            tr("Почта от кабинета Kaspi"),
            text_input(
                "email",
                error=errors["email"],
                type="email",
                auto_complete="username",
                default_value=rx.cond(typed["email"], typed["email"], ConnectState.view.email),
            ),
            name="email",
            error=errors["email"],
        ),
        form_field(
            tr("Пароль от кабинета Kaspi"),
            password_input("password", error=errors["password"], auto_complete="off"),
            name="password",
            error=errors["password"],
        ),
        checkbox(
            "keep_password",
            tr("Сохранить пароль: бот войдёт сам, когда вход истечёт"),
            default_checked=True,
        ),
        _submit(tr("Войти в Kaspi")),
        on_submit=ConnectState.start,
        error=errors["form"],
    )


def _by_phone() -> rx.Component:
    errors = ConnectState.errors
    return form(
        form_field(
            tr("Телефон, с которым входите в кабинет"),
            text_input(
                "phone",
                error=errors["phone"],
                type="tel",
                auto_complete="tel",
                placeholder="+7 700 000 00 00",
                default_value=ConnectState.typed["phone"],
            ),
            name="phone",
            help=tr("Kaspi пришлёт код в SMS. Когда вход истечёт, понадобится новый код"),
            error=errors["phone"],
        ),
        _submit(tr("Получить код")),
        on_submit=ConnectState.start,
        error=errors["form"],
    )


def _by_feed() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            tr(
                "Вы загружаете свой прайс-лист, мы даём адрес, Kaspi забирает по нему цены сам. Пароль"
                " не нужен. Цены на витрине меняются примерно раз в час, а не за минуту."
            ),
            class_name="k-second",
        ),
        row(
            link_button(
                tr("Подключить прайс-лист"),
                "/stores/feed",
                kind="primary",
                icon="file-code-2",
            )
        ),
    )


def _submit(words: Any) -> rx.Component:
    return row(button(words, kind="primary", size="l", submit=True, busy=ConnectState.is_busy))


def code_form() -> rx.Component:
    """Take the code, with the time that is left."""
    view, errors = ConnectState.view, ConnectState.errors
    sent = rx.cond(
        view.is_phone,
        tr("Kaspi отправил код в SMS на {account}.", account=view.account),
        tr("Kaspi отправил код письмом на {account}.", account=view.account),
    )
    return rx.fragment(
        rx.el.h2(view.words),
        rx.el.p(sent, " ", tr("Обычно он приходит за 20 секунд."), class_name="k-second"),
        rx.cond(view.note, notice(view.note, tone="amber")),
        form(
            form_field(
                tr("Код"),
                text_input(
                    "code",
                    error=errors["code"],
                    input_mode="numeric",
                    auto_complete="one-time-code",
                    max_length=9,
                    auto_focus=True,
                    class_name="k-code",
                ),
                name="code",
                error=errors["code"],
            ),
            rx.el.p(tr("На вход осталось"), " ", countdown(view.expires_at), class_name="k-second"),
            row(
                button(tr("Отменить"), on_click=ConnectState.cancel),
                button(
                    tr("Продолжить"),
                    kind="primary",
                    submit=True,
                    busy=ConnectState.is_busy,
                ),
            ),
            on_submit=ConnectState.submit_code,
            error=errors["form"],
        ),
    )


def shop_choice() -> rx.Component:
    """Choose one of the account's shops."""

    def shop(item: Any) -> rx.Component:
        here: ShopView = item
        return rx.el.button(
            rx.icon("store", size=18, aria_hidden="true"),
            rx.el.span(here.name, class_name="k-strong"),
            rx.el.span(tr("№ {uid}", uid=here.uid), class_name="k-note k-push"),
            type="button",
            on_click=ConnectState.choose_shop(here.uid),
            class_name="k-shop",
        )

    view = ConnectState.view
    return rx.fragment(
        rx.el.h2(view.words),
        rx.el.p(
            tr("У этой учётной записи несколько магазинов. Остальные подключите потом."),
            class_name="k-second",
        ),
        rx.el.div(rx.foreach(view.shops, shop), class_name="k-stack"),
        rx.cond(
            ConnectState.errors["shop"],
            rx.el.p(ConnectState.errors["shop"], class_name="k-form-error", role="alert"),
        ),
        row(button(tr("Отменить"), on_click=ConnectState.cancel)),
    )
