"""`/links`: what a partner spreads."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import button, icon_button
from cube_demper.ui.dialogs import dialog, dialog_actions, side_panel
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, row
from cube_demper.ui.lists import figure
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table, two_lines
from partner.pages.links.rows import LinkView, TextView
from partner.pages.links.state import LinksState


def links_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Ссылки"),
            tr("Своя ссылка для каждого места: так видно, что приносит клиентов."),
            button(tr("Новая ссылка"), icon="plus", kind="primary", on_click=LinksState.begin),
        ),
        card(
            row(
                rx.el.span(LinksState.code, class_name="k-tile-value"),
                button(tr("Скопировать"), icon="copy", on_click=rx.set_clipboard(LinksState.code)),
            ),
            rx.el.p(
                tr(
                    "Код для разговора и визиток: продавец вводит его при регистрации. "
                    "В нём нет нуля, единицы и похожих на них букв."
                ),
                class_name="k-second",
            ),
            title=tr("Ваш промокод"),
        ),
        data_table(
            LinksState.rows,
            _columns(),
            label=tr("Ссылки"),
            phase=LinksState.phase,
            card='"link link" "clicks leads" "paying earned"',
            card_columns="1fr 1fr",
            on_retry=LinksState.load,
            empty=empty_state(tr("Ссылок нет"), tr("Создайте первую."), icon="link"),
        ),
        _kit(),
        _adding(),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("link", tr("Ссылка"), _link, label=""),
        figure("clicks", tr("Переходы"), width="110px"),
        figure("leads", tr("Регистрации"), width="120px"),
        figure("paying", tr("Платят"), width="100px"),
        figure("earned", tr("Заработано"), width="150px"),
    ]


def _link(item: Any) -> rx.Component:
    it: LinkView = item
    return rx.el.span(
        two_lines(
            rx.el.button(
                it.campaign,
                type="button",
                on_click=LinksState.open_kit(it.id),
                class_name="k-link k-strong",
            ),
            it.address,
        ),
        rx.cond(
            it.is_archived,
            badge(tr("В архиве"), "gray"),
            icon_button("copy", tr("Скопировать"), on_click=rx.set_clipboard(it.address)),
        ),
        class_name="k-row",
    )


def _kit() -> rx.Component:
    kit = LinksState.kit
    return side_panel(
        kit.id != "",
        rx.el.div(
            row(
                rx.el.code(kit.address),
                button(tr("Скопировать"), icon="copy", on_click=rx.set_clipboard(kit.address)),
            ),
            rx.el.img(
                src=kit.qr,
                alt=tr("QR-код ссылки"),
                width="200",
                height="200",
                style={"borderRadius": "8px"},
            ),
            rx.el.p(
                rx.link(
                    tr("Скачать QR-код"),
                    href=kit.qr,
                    custom_attrs={"download": "qr.svg"},
                    class_name="k-link",
                )
            ),
            rx.foreach(kit.texts, _text),
            row(
                button(tr("Переименовать"), icon="pencil", on_click=LinksState.begin_renaming),
                rx.cond(
                    kit.is_archived,
                    button(
                        tr("Вернуть из архива"),
                        icon="archive-restore",
                        on_click=LinksState.restore(kit.id),
                    ),
                    button(
                        tr("Убрать в архив"),
                        icon="archive",
                        kind="ghost",
                        on_click=LinksState.archive(kit.id),
                    ),
                ),
            ),
            class_name="k-stack",
        ),
        title=kit.campaign,
        on_close=LinksState.close_kit,
    )


def _text(item: Any) -> rx.Component:
    it: TextView = item
    return card(
        rx.el.p(it.text, style={"whiteSpace": "pre-line"}),
        title=it.title,
        action=icon_button("copy", tr("Скопировать"), on_click=rx.set_clipboard(it.text)),
    )


def _adding() -> rx.Component:
    error = LinksState.errors["campaign"]
    return dialog(
        LinksState.is_adding,
        form(
            form_field(
                tr("Где будет ссылка"),
                text_input(
                    "campaign",
                    default_value=LinksState.campaign,
                    error=error,
                    max_length=60,
                    auto_focus=True,
                ),
                name="campaign",
                help=tr("Видите только вы: «Instagram», «блог», «встреча 12 декабря»."),
                error=error,
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=LinksState.cancel),
                button(
                    rx.cond(LinksState.renames, tr("Сохранить"), tr("Создать")),
                    kind="primary",
                    submit=True,
                    busy=LinksState.is_busy,
                ),
            ),
            on_submit=LinksState.submit,
        ),
        title=rx.cond(LinksState.renames, tr("Название ссылки"), tr("Новая ссылка")),
        on_close=LinksState.cancel,
    )
