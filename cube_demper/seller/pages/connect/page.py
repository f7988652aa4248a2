"""`/stores/connect`: from a sign-in to Kaspi to the first reading of the catalogue."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.connect.forms import code_form, shop_choice, sign_in_form
from cube_demper.seller.pages.connect.parts import about, stepper
from cube_demper.seller.pages.connect.state import ConnectState
from cube_demper.ui.actions import button, link_button, spinner
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, row
from cube_demper.ui.live_value import countdown
from cube_demper.ui.placeholders import notice, skeleton, when_ready
from cube_demper.ui.steps import step
from cube_demper.ui.tiles import progress_bar


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
            ("sync", _catalogue()),
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


def _catalogue() -> rx.Component:
    """Show the first reading of the catalogue, then the next step."""
    view, sync = ConnectState.view, ConnectState.view.sync
    bar = rx.el.div(
        progress_bar(sync.percent, tr("Загрузка каталога")),
        rx.el.p(sync.words, class_name="k-second"),
        rx.cond(sync.trouble, rx.el.p(sync.trouble, class_name="k-note k-amber")),
        class_name="k-meter",
    )
    failed = rx.fragment(
        rx.el.p(sync.trouble, class_name="k-form-error"),
        row(link_button(tr("Открыть магазины"), "/stores", kind="primary")),
    )
    return rx.fragment(
        rx.el.h2(tr("«{name}» подключён", name=view.store_name)),
        rx.match(
            sync.state,
            ("done", rx.cond(view.is_empty, _without_goods(), _with_goods())),
            ("failed", failed),
            ("cancelled", failed),
            ("live", bar),
            rx.el.p(tr("Сейчас начнём загружать каталог…"), class_name="k-second"),
        ),
        row(
            button(tr("Подключить ещё магазин"), on_click=ConnectState.begin_another, kind="ghost")
        ),
    )


def _with_goods() -> rx.Component:
    """Lead on to the first suggestions."""
    return rx.fragment(
        rx.el.p(
            tr(
                "Каталог загружен. Дальше бот предложит цены для десяти товаров, а вы решите,"
                " применять ли их. Сам он пока ничего не меняет."
            ),
            class_name="k-second",
        ),
        row(
            link_button(
                tr("Посмотреть десять советов"),
                f"/bot/trial?store={ConnectState.view.store_id}",
                kind="primary",
                icon="lightbulb",
            ),
            link_button(tr("Все товары"), f"/products?store={ConnectState.view.store_id}"),
        ),
    )


def _without_goods() -> rx.Component:
    """Say what to do in an empty cabinet."""
    return rx.fragment(
        rx.el.p(
            tr(
                "Вход работает, но товаров в продаже в этом кабинете нет. Добавьте их в Kaspi и обновите"
                " каталог на странице магазинов или подождите: мы обновляем его и сами."
            ),
            class_name="k-second",
        ),
        row(link_button(tr("Открыть магазины"), "/stores", kind="primary")),
    )
