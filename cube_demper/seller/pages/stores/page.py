"""`/stores`: the seller's stores, their sign-ins and catalogues."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.feed.address_parts import feed_link
from cube_demper.seller.pages.stores.rows import CardView
from cube_demper.seller.pages.stores.state import RemovalState, StoresState
from cube_demper.seller.pages.stores.token_parts import token_line, token_panel
from cube_demper.ui.actions import button, link_button, menu, menu_item, menu_line
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list, facts, page, page_header, stack
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import skeleton, when_ready
from cube_demper.ui.statuses import dot, status_badge
from cube_demper.ui.tiles import progress_bar, stat_tile, tiles


def stores_page() -> rx.Component:
    """Make the page."""
    has_stores = StoresState.cards.length() > 0
    connect = link_button(tr("Подключить магазин"), "/stores/connect", icon="plus", kind="primary")
    return page(
        page_header(tr("Магазины"), StoresState.totals.summary, rx.cond(has_stores, connect)),
        when_ready(
            StoresState.phase,
            rx.cond(has_stores, _content(), _no_stores()),
            waiting=rx.cond(has_stores, _content(), stack(card(skeleton(4)), card(skeleton(4)))),
            on_retry=StoresState.load,
        ),
        _removal_dialog(),
        token_panel(),
    )


def _content() -> rx.Component:
    return stack(
        rx.cond(StoresState.cards.length() > 1, _totals()),
        rx.el.div(rx.foreach(StoresState.cards, _card), class_name="k-stores"),
    )


def _totals() -> rx.Component:
    numbers = StoresState.totals
    return tiles(
        stat_tile(tr("Магазинов"), StoresState.cards.length(), icon="store"),
        stat_tile(
            tr("Товаров"), numbers.goods, icon="package", note=numbers.on_sale, href="/products"
        ),
        stat_tile(tr("С ботом"), numbers.bots, icon="bot", href="/products?tab=bot_on"),
        stat_tile(
            tr("Ждут входа"),
            numbers.needing,
            icon="key-round",
            note=rx.cond(numbers.needing > 0, tr("цены там стоят"), tr("все магазины на связи")),
        ),
    )


def _card(item: Any) -> rx.Component:
    store: CardView = item
    return card(
        facts(
            (tr("Товаров"), rx.fragment(store.goods, tr(", в продаже "), store.on_sale)),
            (tr("С ботом"), store.bots),
            (tr("Точки продаж"), store.places),
            (tr("Цены уходят через"), store.channel),
            (
                tr("Вход в Kaspi"),
                rx.el.span(
                    dot(store.sign_in_tone), rx.el.span(store.sign_in), class_name="k-sign-in"
                ),
            ),
            (tr("Токен заказов"), token_line(store)),
            (
                tr("Заказы"),
                rx.el.span(
                    dot(store.reading.tone),
                    rx.el.span(store.reading.words),
                    class_name="k-sign-in",
                ),
            ),
        ),
        _catalogue(store),
        rx.cond(store.feed.is_there, _price_list(store)),
        _actions(store),
        title=store.name,
        note=tr("№ {uid}", uid=store.merchant),
        action=status_badge(store.status),
        label=store.name,
    )


def _catalogue(store: CardView) -> rx.Component:
    sync = store.sync
    return rx.el.div(
        rx.el.div(
            rx.el.span(tr("Каталог"), class_name="k-strong"),
            rx.el.span(
                rx.cond(
                    sync.state == "live",
                    sync.words,
                    rx.cond(
                        store.is_from_list,
                        age(
                            store.synced_at, prefix=tr("из вашего файла,"), never=tr("файл читаем")
                        ),
                        age(store.synced_at, prefix=tr("обновлён"), never=tr("ещё не прочитан")),
                    ),
                ),
                class_name="k-second k-push",
            ),
            class_name="k-row",
        ),
        rx.cond(
            sync.state == "live",
            progress_bar(sync.percent, tr("Обновление каталога")),
        ),
        rx.cond(sync.result, rx.el.p(sync.result, class_name="k-note")),
        rx.cond(sync.trouble, rx.el.p(sync.trouble, class_name="k-note k-amber")),
        class_name="k-catalogue",
    )


def _price_list(store: CardView) -> rx.Component:
    feed = store.feed
    return rx.el.div(
        rx.el.div(
            rx.el.span(tr("Прайс-лист"), class_name="k-strong"),
            rx.cond(
                feed.is_used,
                rx.el.span(
                    age(feed.taken_at, prefix=tr("Kaspi забрал"), never=tr("ещё не забирали")),
                    class_name="k-second k-push",
                ),
            ),
            class_name="k-row",
        ),
        rx.el.span(
            dot(feed.tone),
            rx.el.span(feed.words),
            class_name="k-sign-in k-note",
        ),
        class_name="k-catalogue",
    )


def _actions(store: CardView) -> rx.Component:
    update = button(
        rx.match(
            store.sync.state,
            ("cancelled", tr("Продолжить обновление")),
            ("failed", tr("Попробовать ещё раз")),
            tr("Обновить каталог"),
        ),
        icon="refresh-cw",
        on_click=StoresState.update_catalog(store.id),
    )
    cancel = button(
        tr("Остановить"), icon="circle-stop", on_click=StoresState.cancel_update(store.id)
    )
    return rx.el.div(
        rx.cond(
            store.needs_sign_in,
            link_button(tr("Войти в Kaspi"), f"/stores/connect?store={store.id}", kind="primary"),
        ),
        rx.cond(store.sync.state == "live", cancel, rx.cond(store.can_sync, update)),
        link_button(tr("Товары"), f"/products?store={store.id}"),
        rx.cond(store.feed.is_there, feed_link(store.id)),
        _more(store),
        class_name="k-row k-under-facts",
    )


def _more(store: CardView) -> rx.Component:
    more = rx.el.button(
        rx.icon("ellipsis", size=16, aria_hidden="true"),
        type="button",
        class_name="k-icon-button k-push",
        custom_attrs={"aria-label": tr("Ещё: {name}", name=store.name)},
    )
    return menu(
        more,
        menu_item(tr("Настройки бота"), icon="bot", on_click=rx.redirect(f"/bot?store={store.id}")),
        rx.cond(
            ~store.feed.is_there,
            menu_item(
                tr("Прайс-лист"),
                icon="file-code-2",
                on_click=rx.redirect(f"/stores/feed?store={store.id}"),
            ),
        ),
        rx.cond(
            store.keeps_password,
            menu_item(
                tr("Стереть пароль Kaspi"),
                icon="key-round",
                on_click=StoresState.forget_password(store.id),
            ),
        ),
        menu_line(),
        menu_item(
            tr("Отключить магазин"),
            icon="trash-2",
            on_click=RemovalState.ask(store.id),
            danger=True,
        ),
    )


def _removal_dialog() -> rx.Component:
    asked = RemovalState.asked
    return confirm_dialog(
        asked.store_id != "",
        title=asked.title,
        text=tr(
            "Всё, что ниже, будет удалено без возврата. Цены в Kaspi останутся такими, как сейчас."
        ),
        numbers=fact_list(asked.numbers),
        confirm=tr("Отключить магазин"),
        on_confirm=RemovalState.confirm,
        on_close=RemovalState.close,
        danger=True,
        busy=RemovalState.is_busy,
    )


def _no_stores() -> rx.Component:
    return card(
        connect_first(
            tr("Подключите магазин Kaspi"),
            tr("Товары загрузятся сами. Цены без вашего разрешения не изменятся."),
        )
    )
