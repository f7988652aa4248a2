"""A store's orders token: a line of its card, and the panel where it is got, tried and removed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.stores.reading_parts import reading_part
from cube_demper.seller.pages.stores.rows import CardView
from cube_demper.seller.pages.stores.state import StoresState
from cube_demper.seller.pages.stores.token_state import TokenState
from cube_demper.ui.actions import button, link_button, spinner
from cube_demper.ui.dialogs import side_panel
from cube_demper.ui.forms import form, form_field, password_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import facts, stack
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import dot


def token_line(store: CardView) -> rx.Component:
    """Say how the token is, as a button that opens its panel."""
    token = store.token
    return rx.el.button(
        dot(token.tone),
        rx.el.span(token.words),
        type="button",
        on_click=TokenState.open(store.id),
        class_name="k-link k-sign-in",
        custom_attrs={
            "aria-label": tr("Токен заказов, {name}: {words}", name=store.name, words=token.words)
        },
    )


def token_panel() -> rx.Component:
    """Show the panel of the store that is open."""
    return side_panel(
        TokenState.store_id != "",
        rx.foreach(StoresState.cards, _of_store),
        title=tr("Токен заказов"),
        on_close=TokenState.close,
    )


def _of_store(item: Any) -> rx.Component:
    store: CardView = item
    return rx.cond(
        store.id == TokenState.store_id,
        stack(
            rx.el.p(
                tr(
                    "«{name}»: ключ к заказам магазина в официальном API Kaspi. С ним видны и телефоны"
                    " покупателей; бот цен работает и без него. Хранится зашифрованным, целиком его"
                    " не увидит никто.",
                    name=store.name,
                ),
                class_name="k-second",
            ),
            _kept(store),
            _state(store),
            _from_cabinet(store),
            _pasted(),
            reading_part(store),
        ),
    )


def _kept(store: CardView) -> rx.Component:
    token = store.token
    return rx.cond(
        token.tail,
        rx.el.div(
            facts(
                (tr("Токен"), rx.fragment("•••• ", token.tail)),
                (tr("Откуда"), token.origin),
                (tr("Проверен"), token.checked),
                (tr("Заказов видно"), token.orders),
            ),
            rx.cond(token.whose, rx.el.p(token.whose, class_name="k-note k-amber")),
            rx.cond(
                TokenState.is_asking,
                rx.el.div(
                    rx.el.p(
                        tr(
                            "Удалить токен? Чтобы вернуть, его придётся получить или вставить снова."
                        ),
                        class_name="k-strong",
                    ),
                    rx.el.div(
                        button(tr("Оставить"), on_click=TokenState.ask),
                        button(tr("Удалить токен"), kind="danger", on_click=TokenState.remove),
                        class_name="k-row",
                    ),
                    role="group",
                    class_name="k-lines",
                ),
                rx.el.div(
                    button(
                        tr("Проверить ещё раз"),
                        icon="refresh-cw",
                        on_click=TokenState.recheck,
                        disabled=token.doing != "",
                    ),
                    button(tr("Удалить"), icon="trash-2", kind="ghost", on_click=TokenState.ask),
                    class_name="k-row",
                ),
            ),
        ),
    )


def _state(store: CardView) -> rx.Component:
    token = store.token
    return rx.el.div(
        rx.cond(
            token.doing,
            rx.el.p(spinner(), rx.el.span(token.doing), class_name="k-row", role="status"),
            rx.cond(
                token.title,
                rx.cond(
                    token.is_passing,
                    notice(token.title, token.text, tone="amber"),
                    notice(token.title, token.text, tone="red"),
                ),
            ),
        ),
    )


def _from_cabinet(store: CardView) -> rx.Component:
    why = tr(
        "Возьмём токен из вашего кабинета. Если его там ещё нет, сформируем; готовый не изменится."
    )
    is_busy = store.token.doing != ""
    take = rx.cond(
        store.token.tone == "green",
        button(
            tr("Получить заново"), icon="key-round", on_click=TokenState.fetch, disabled=is_busy
        ),
        button(
            tr("Получить токен"),
            icon="key-round",
            kind="primary",
            on_click=TokenState.fetch,
            disabled=is_busy,
        ),
    )
    enter = link_button(tr("Войти в Kaspi"), f"/stores/connect?store={store.id}", kind="primary")
    return rx.cond(
        store.is_feed,
        rx.fragment(),
        rx.el.div(
            rx.el.h2(tr("Из кабинета"), class_name="k-strong"),
            rx.el.p(why, class_name="k-note"),
            rx.el.div(rx.cond(store.can_sync, take, enter), class_name="k-row"),
            class_name="k-form",
        ),
    )


def _pasted() -> rx.Component:
    error = TokenState.errors["token"]
    return rx.el.div(
        rx.el.h2(tr("Вставить самому"), class_name="k-strong"),
        form(
            form_field(
                tr("Токен API"),
                password_input("token", error=error, auto_complete="off", spell_check=False),
                name="token",
                help=tr("Кабинет Kaspi → «Настройки» → «Токен API» → «Сформировать»"),
                error=error,
            ),
            rx.el.div(
                button(tr("Проверить и сохранить"), submit=True, busy=TokenState.is_busy),
                class_name="k-row",
            ),
            on_submit=TokenState.paste,
        ),
        class_name="k-form",
    )
