"""The last steps of connecting: the first reading of the catalogue, and where to go from there."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.connect.state import ConnectState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import row
from cube_demper.ui.tiles import progress_bar


def catalogue() -> rx.Component:
    """Show the first reading of the catalogue, then the next step."""
    view, sync = ConnectState.view, ConnectState.view.sync
    return rx.fragment(
        rx.el.h2(tr("«{name}» подключён", name=view.store_name)),
        rx.match(
            sync.state,
            ("done", rx.cond(view.is_empty, _empty(), _ready())),
            ("failed", _failed()),
            ("cancelled", _failed()),
            ("live", _progress()),
            rx.el.p(tr("Сейчас начнём загружать каталог…"), class_name="k-second"),
        ),
        row(
            button(tr("Подключить ещё магазин"), on_click=ConnectState.begin_another, kind="ghost")
        ),
    )


def _progress() -> rx.Component:
    sync = ConnectState.view.sync
    return rx.el.div(
        progress_bar(sync.percent, tr("Загрузка каталога")),
        rx.el.p(sync.words, class_name="k-second"),
        rx.cond(sync.trouble, rx.el.p(sync.trouble, class_name="k-note k-amber")),
        class_name="k-meter",
    )


def _ready() -> rx.Component:
    store_id = ConnectState.view.store_id
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
                f"/bot/trial?store={store_id}",
                kind="primary",
                icon="lightbulb",
            ),
            link_button(tr("Все товары"), f"/products?store={store_id}"),
        ),
    )


def _empty() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            tr(
                "Вход работает, но товаров в продаже в этом кабинете нет. Добавьте их в Kaspi и обновите"
                " каталог на странице магазинов или подождите: мы обновляем его и сами."
            ),
            class_name="k-second",
        ),
        _to_stores(),
    )


def _failed() -> rx.Component:
    return rx.fragment(
        rx.el.p(ConnectState.view.sync.trouble, class_name="k-form-error"), _to_stores()
    )


def _to_stores() -> rx.Component:
    return row(link_button(tr("Открыть магазины"), "/stores", kind="primary"))
