"""The address of the file, how to enter it in Kaspi's cabinet, and the other way for prices."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.feed.address_state import AddressState
from cube_demper.seller.pages.feed.state import FeedState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack

_VIEW = FeedState.view
# An address that was changed in another tab must not be copied from this one.
_IS_SHOWN = (AddressState.shown_for == _VIEW.id) & (AddressState.given_at == _VIEW.rotated_at)


def address_card() -> rx.Component:
    """Show the secret address on demand, and where to enter it."""
    return card(
        stack(
            rx.el.p(
                tr(
                    "Адрес секретный: кто его знает, видит ваши цены и остатки. Не публикуйте его, а если он "
                    "попал к чужим — смените."
                ),
                class_name="k-second",
            ),
            rx.el.code(
                rx.cond(_IS_SHOWN, AddressState.address, "••••••••/feed/••••••••••••••••.xml"),
                class_name="k-secret",
            ),
            rx.el.div(
                rx.cond(
                    _IS_SHOWN,
                    button(
                        tr("Скопировать"),
                        icon="copy",
                        kind="primary",
                        on_click=[
                            rx.set_clipboard(AddressState.address),
                            rx.toast.success("Адрес скопирован."),
                        ],
                    ),
                ),
                # One button for both ways: one that gives place to another takes the focus along.
                button(
                    rx.cond(_IS_SHOWN, tr("Скрыть адрес"), tr("Показать адрес")),
                    icon="eye",
                    on_click=rx.cond(
                        _IS_SHOWN,
                        AddressState.hide(),
                        AddressState.show(_VIEW.id, _VIEW.rotated_at),
                    ),
                ),
                button(
                    tr("Сменить адрес"),
                    icon="refresh-cw",
                    on_click=AddressState.ask("rotate", _VIEW.id, 0),
                ),
                class_name="k-row",
            ),
            _steps(),
        ),
        title=tr("Адрес прайс-листа"),
    )


def _steps() -> rx.Component:
    steps = (
        tr(
            "Откройте кабинет Kaspi: «Товары» → «Загрузить прайс-лист» → «Автоматическая загрузка»."
        ),
        tr("Вставьте адрес. Логин и пароль оставьте пустыми."),
        tr("Сохраните и дождитесь первой загрузки: она появится здесь в «Кто забирал»."),
    )
    return rx.el.div(
        rx.el.p(tr("Как подключить в Kaspi"), class_name="k-strong"),
        rx.el.ol(*(rx.el.li(step) for step in steps), class_name="k-how-list"),
        rx.el.p(
            tr(
                "Сколько бы цен ни изменилось, они уходят одним файлом: предел 250 изменений за 30 минут "
                "здесь не действует. Зато Kaspi забирает файл примерно раз в час, и быстрее цена не "
                "меняется."
            ),
            class_name="k-note",
        ),
        class_name="k-how",
    )


def how_card() -> rx.Component:
    """Say what the price list is for, to whoever has no store yet."""
    steps = (
        tr("Загрузите прайс-лист, который уже есть у вас в Kaspi: возьмём из него товары и точки."),
        tr("Задайте мин. цены и включите бота: сначала он только советует."),
        tr("Впишите в Kaspi секретный адрес нашего файла: новые цены Kaspi будет забирать сам."),
    )
    return card(
        stack(
            rx.el.ol(*(rx.el.li(step) for step in steps), class_name="k-how-list"),
            rx.el.p(
                tr(
                    "Пароль от кабинета не нужен. Цена доходит до витрины примерно за час; "
                    "если нужно быстрее — подключите магазин через вход в Kaspi."
                ),
                class_name="k-note",
            ),
            rx.el.div(
                link_button(tr("Войти в Kaspi"), "/stores/connect", icon="log-in"),
                class_name="k-row",
            ),
        ),
        title=tr("Как это работает"),
    )


def channel_card() -> rx.Component:
    """Offer the other way for prices, with what it means."""
    to_feed = stack(
        rx.el.p(
            tr(
                "Бот может работать без пароля от кабинета: цены лежат в файле по секретному адресу, "
                "и Kaspi сам забирает их примерно раз в час."
            ),
            class_name="k-second",
        ),
        rx.el.div(
            button(
                tr("Перейти на прайс-лист"),
                icon="file-code-2",
                kind="primary",
                on_click=AddressState.ask("feed", _VIEW.id, _VIEW.on_sale),
            ),
            class_name="k-row",
        ),
        rx.el.p(_VIEW.source, class_name="k-note"),
    )
    to_cabinet = stack(
        rx.el.p(
            tr("Вход в кабинет Kaspi сохранён: цены можно отправлять и через него, без ожидания."),
            class_name="k-second",
        ),
        rx.el.div(
            button(
                tr("Перейти на кабинет"),
                icon="log-in",
                on_click=AddressState.ask("cabinet", _VIEW.id, 0),
            ),
            class_name="k-row",
        ),
    )
    return card(rx.cond(_VIEW.is_feed, to_cabinet, to_feed), title=tr("Как цены уходят в Kaspi"))


def question_dialog() -> rx.Component:
    """Ask before the address, the channel or the number of goods changes."""
    act = AddressState.question.act
    is_costly = (act == "rotate") | (act == "short")
    return rx.fragment(
        _question(is_costly, danger=True), _question((act != "") & ~is_costly, danger=False)
    )


def _question(is_open: rx.Var[bool], *, danger: bool) -> rx.Component:
    asked = AddressState.question
    return confirm_dialog(
        is_open,
        title=asked.title,
        text=asked.text,
        confirm=asked.confirm,
        on_confirm=AddressState.confirm,
        on_close=AddressState.close,
        danger=danger,
        busy=AddressState.is_busy,
    )


def feed_link(store_id: rx.Var[str] | str) -> rx.Component:
    """Lead from a store to its price list; for the page of stores."""
    return link_button(tr("Прайс-лист"), f"/stores/feed?store={store_id}", icon="file-code-2")
