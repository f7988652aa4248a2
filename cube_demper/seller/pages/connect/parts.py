"""What stands around the steps: the stepper and what a seller should know before signing in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.connect.rows import StepView
from cube_demper.seller.pages.connect.state import ConnectState
from cube_demper.ui.actions import text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack

KASPI_TERMS = "https://guide.kaspi.kz/partner/ru/shop"
_MAY = (
    ("check", "Читать товары, цены и точки продаж"),
    ("check", "Менять цены в ваших границах"),
    ("lock", "Не видит счета и Kaspi Gold"),
    ("lock", "Не меняет ваши доступы"),
)


def stepper() -> rx.Component:
    """List the five steps with the state of each."""

    def step(item: Any) -> rx.Component:
        here: StepView = item
        return rx.el.li(
            rx.el.span(
                rx.cond(
                    here.state == "done", rx.icon("check", size=14, aria_hidden="true"), here.number
                ),
                class_name="k-step-sign",
                aria_hidden="true",
            ),
            rx.el.div(
                rx.el.p(here.title, class_name="k-strong"),
                rx.el.p(here.note, class_name="k-note"),
            ),
            custom_attrs={
                "data-state": here.state,
                "aria-current": rx.cond(here.state == "now", "step", "false"),
            },
        )

    return card(
        rx.el.ol(rx.foreach(ConnectState.view.steps, step), class_name="k-steps"),
        label=tr("Шаги подключения"),
    )


def about() -> rx.Component:
    """Say what the bot may do, where the sign-in is kept, and what Kaspi says to it."""
    return stack(
        card(
            rx.el.ul(
                *(
                    rx.el.li(rx.icon(icon, size=16, aria_hidden="true"), tr(words))
                    for icon, words in _MAY
                ),
                class_name="k-may",
            ),
            title=tr("Что бот сможет делать"),
        ),
        card(
            rx.el.p(
                tr(
                    "Вход и пароль хранятся зашифрованными на нашем сервере. Их не видит никто: ни"
                    " поддержка, ни ваши сотрудники. Пароль сохраняем, только если вы отметите это."
                )
            ),
            rx.el.p(
                tr(
                    "Стереть пароль можно в любой момент: «Магазины» → «Ещё» → «Стереть пароль Kaspi»."
                    " «Отключить магазин» там же стирает всё: вход, пароль и товары."
                )
            ),
            title=tr("Где хранится вход"),
        ),
        card(
            rx.el.p(
                tr(
                    "Заведите для бота отдельного сотрудника: кабинет Kaspi → «Настройки» →"
                    " «Пользователи». Дайте ему одну роль — «Управление товарами». Заказы и настройки"
                    " магазина ему не нужны."
                )
            ),
            title=tr("Советуем отдельный вход"),
        ),
        card(
            rx.el.p(
                tr(
                    "Kaspi не предлагает официального входа для программ в кабинет, и правила не дают"
                    " на него гарантий. Если это важно, подключите прайс-лист: это официальный способ"
                    " Kaspi, пароль не нужен, цены обновляются примерно раз в час."
                )
            ),
            text_link(tr("Правила Kaspi для партнёров"), KASPI_TERMS, external=True),
            title=tr("Что говорит Kaspi"),
        ),
    )
