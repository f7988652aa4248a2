"""`/economics/terms`: under what a store sells: tax, delivery, weight, expenses, and the tariffs used."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.calculations.figures import figure_list
from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.economics_terms.form import terms_form
from cube_demper.seller.pages.economics_terms.rows import KindRow
from cube_demper.seller.pages.economics_terms.state import SaleTermsState
from cube_demper.seller.tariffs.picker import category_picker
from cube_demper.ui.actions import button
from cube_demper.ui.forms import select
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, page, page_header, stack
from cube_demper.ui.placeholders import notice, skeleton, when_ready


def terms_page() -> rx.Component:
    """Make the page."""
    state = SaleTermsState
    return page(
        page_header(
            tr("Условия магазина"),
            tr("Задаются один раз: по ним считаются прибыль, мин. прибыль бота и мин. цены"),
            rx.cond(
                state.stores.length() > 1,
                select(
                    "store",
                    state.stores.to(list[dict[str, str]]),
                    label=tr("Магазин"),
                    value=state.saved.store_id,
                    on_change=state.open_store,
                ),
            ),
            back=(tr("Экономика"), "/economics"),
        ),
        when_ready(
            state.phase,
            rx.cond(
                state.saved.store_id,
                _content(),
                card(
                    connect_first(
                        tr("Подключите магазин Kaspi"),
                        tr("Условия продажи задаются для каждого магазина."),
                    )
                ),
            ),
            waiting=card(skeleton(8)),
            on_retry=state.load,
        ),
    )


def _content() -> rx.Component:
    state = SaleTermsState
    return stack(
        rx.cond(
            state.unsure.title,
            notice(
                state.unsure.title,
                tr(
                    "Kaspi или закон сказали не всё. Прибыль ниже показана по этим цифрам, а мин. "
                    "прибыль бота по ним не считается, пока вы не согласитесь."
                ),
                button(tr("Беру эти цифры"), kind="primary", size="s", on_click=state.agree),
                tone="amber",
            ),
        ),
        columns(
            card(
                rx.el.div(terms_form(), key=state.saved.version.to_string()),
                title=state.saved.store_name,
            ),
            stack(
                rx.cond(state.unsure.open.length() > 0, _open_figures()),
                rx.cond(state.kinds.length() > 0, _kinds()),
                rx.cond(state.unsure.agreed.length() > 0, _agreed_figures()),
            ),
        ),
    )


def _open_figures() -> rx.Component:
    return card(figure_list(SaleTermsState.unsure.open), title=tr("Цифры не до конца точные"))


def _agreed_figures() -> rx.Component:
    return card(figure_list(SaleTermsState.unsure.agreed), title=tr("Вы согласились с цифрами"))


def _kinds() -> rx.Component:
    return card(
        rx.el.p(
            tr("Как Kaspi называет ваши категории в тарифах. Пусто — берётся обычная категория."),
            class_name="k-note",
        ),
        rx.el.ul(rx.foreach(SaleTermsState.kinds, _kind), class_name="k-lines-list"),
        title=tr("Категории товаров"),
    )


def _kind(item: Any) -> rx.Component:
    it: KindRow = item
    return rx.el.li(
        rx.el.span(
            rx.el.span(it.name, class_name="k-strong"),
            rx.el.span(
                it.goods,
                rx.cond(it.rate, rx.el.span(" · ", tr("комиссия"), " ", it.rate)),
                class_name="k-note",
            ),
            style={"display": "flex", "flexDirection": "column", "flex": "1", "minWidth": "0"},
        ),
        rx.el.div(
            category_picker(
                it.key,
                value=it.category,
                label=tr("Категория тарифов для «{name}»", name=it.name),
                placeholder=tr("Выбрать"),
                on_pick=lambda text: SaleTermsState.choose_kind(it.name, text),
            ),
            rx.cond(
                SaleTermsState.errors[it.key],
                rx.el.span(
                    SaleTermsState.errors[it.key], class_name="k-wrong k-note", role="alert"
                ),
            ),
            class_name="k-stack-s",
        ),
        class_name="k-kind-row",
    )
