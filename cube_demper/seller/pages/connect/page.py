"""`/stores/connect`: from a sign-in to Kaspi to the first reading of the catalogue."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.connect.catalogue import catalogue
from cube_demper.seller.pages.connect.forms import code_form, shop_choice, sign_in_form
from cube_demper.seller.pages.connect.parts import about, stepper
from cube_demper.seller.pages.connect.state import ConnectState
from cube_demper.ui.actions import button, spinner
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, row
from cube_demper.ui.live_value import countdown
from cube_demper.ui.placeholders import notice, skeleton, when_ready
from cube_demper.ui.steps import step


def connect_page() -> rx.Component:
    """Make the page."""
    view = ConnectState.view
    return page(
        page_header(
            rx.cond(
                view.is_again,
                tr("Войти в Kaspi: «{name}»", name=view.store_name),
                tr("Подключить магазин"),
            ),
            tr("Около двух минут. Страницу можно закрыть: продолжите с того же места."),
            back=(tr("Магазины"), "/stores"),
        ),
        when_ready(
            ConnectState.phase,
            rx.el.div(
                stepper(),
                card(_screen(), label=tr("Шаг подключения")),
                about(),
                class_name="k-connect",
            ),
            waiting=card(skeleton(6)),
            on_retry=ConnectState.load,
        ),
    )


def _screen() -> rx.Component:
    view = ConnectState.view
    return step(
        rx.el.p(tr("Шаг {n} из 5", n=view.number), class_name="k-note"),
        rx.cond(view.is_served | (view.screen == "sync"), rx.fragment(), _unserved()),
        rx.match(
            view.screen,
            ("wait", _wait()),
            ("code", code_form()),
            ("shop", shop_choice()),
            ("sync", catalogue()),
            sign_in_form(),
        ),
        now=view.screen,
        class_name="k-connect-step",
    )


def _unserved() -> rx.Component:
    return notice(
        tr("Обработчик входов не отвечает"),
        tr(
            "Войти в Kaspi сейчас не получится, мы уже чиним. Начатый вход продолжится сам, если успеет"
            " за свои 10 минут; прайс-лист можно подключить и сейчас."
        ),
        tone="amber",
    )


def _holding() -> rx.Component:
    """Say that the visit goes on, or how long Kaspi itself asks to wait."""
    view = ConnectState.view
    kept = (
        rx.el.p(tr("Держим вход в Kaspi открытым"), class_name="k-strong"),
        rx.el.p(
            tr("Не входите в этот кабинет в другом окне: Kaspi отменит этот вход."),
            class_name="k-second",
        ),
    )
    asked = (
        rx.el.p(
            tr("Kaspi просит подождать ещё"), " ", countdown(view.retry_at), class_name="k-strong"
        ),
        rx.el.p(tr("Потом продолжим сами, делать ничего не нужно."), class_name="k-second"),
    )
    return rx.el.div(
        spinner(18),
        rx.cond(view.retry_at, rx.el.div(*asked), rx.el.div(*kept)),
        class_name="k-holding",
    )


def _wait() -> rx.Component:
    view = ConnectState.view
    return rx.fragment(
        rx.el.h2(view.words),
        _holding(),
        rx.cond(view.note, rx.el.p(view.note, class_name="k-second")),
        row(
            button(tr("Отменить"), on_click=ConnectState.cancel),
            rx.el.span(
                tr("На вход осталось"),
                " ",
                countdown(view.expires_at),
                class_name="k-second k-push",
            ),
        ),
    )
