"""The table of goods: what stands in each column, and on a phone in each card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.catalog.list_schemas import PAGE_SIZE
from cube_demper.seller.pages.products.edit_state import EditState
from cube_demper.seller.pages.products.rows import RowView
from cube_demper.seller.pages.products.state import ProductsState
from cube_demper.seller.pages.products.switch_state import SwitchState
from cube_demper.seller.pages.products.words import PLACES, STRATEGY_WORDS
from cube_demper.seller.profit_hint.state import ProfitHintState
from cube_demper.ui.forms import switch
from cube_demper.ui.i18n import tr
from cube_demper.ui.inline_editor import inline_editor
from cube_demper.ui.lists import list_table
from cube_demper.ui.live_value import live_value
from cube_demper.ui.row_select import row_select
from cube_demper.ui.statuses import place_badge
from cube_demper.ui.tables import Column, row_link

Row = rx.vars.ObjectVar[RowView]

_CARD = '"name name bot" "price rival place" "min max step"'
_CARD_COLUMNS = "minmax(0, 1fr) minmax(0, 1.1fr) auto"
_STRATEGIES = {
    **{code: words for code, words in STRATEGY_WORDS.items() if code != "stay_top_n"},
    **{f"stay_top_n:{place}": f"Топ-{place}" for place in PLACES},
}


def products_table(**around: Any) -> rx.Component:
    """Show the page of goods; `around` is what `data_table` takes besides the columns."""
    return list_table(
        ProductsState,
        _columns(),
        label=tr("Товары"),
        card=_CARD,
        card_columns=_CARD_COLUMNS,
        page_size=PAGE_SIZE,
        row_name=lambda row: tr("Выбрать «{name}»", name=row.name),
        **around,
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Товар"), _name, sort="name", label=""),
        Column("place", tr("Место"), _place, width="88px", sort="place", label=""),
        Column("price", tr("Моя цена"), _price, width="128px", align="right", sort="price"),
        Column(
            "rival",
            tr("Лучший конкурент"),
            _rival,
            width="142px",
            align="right",
            sort="rival",
            label=tr("Конкурент"),
        ),
        Column(
            "min",
            tr("Мин. цена"),
            _min_price,
            width="102px",
            align="right",
            sort="min",
            label=tr("Мин."),
            card_foot=True,
        ),
        Column(
            "max",
            tr("Макс. цена"),
            _max_price,
            width="102px",
            align="right",
            sort="max",
            label=tr("Макс."),
            card_foot=True,
        ),
        Column(
            "step", tr("Шаг"), _step, width="68px", align="right", card_foot=True, min_screen=1280
        ),
        Column("plan", tr("Стратегия"), _strategy, width="142px", min_screen=1440, on_card=False),
        Column("bot", tr("Бот"), _bot, width="136px", label=""),
    ]


def _name(row: Row) -> rx.Component:
    return rx.el.span(
        picture(row.image_url),
        rx.el.span(
            row_link(row.name, f"/products/{row.id}"),
            rx.el.span(
                row.note,
                class_name=rx.cond(row.is_missing, "k-clip k-note k-amber", "k-clip k-note"),
            ),
        ),
        class_name="k-name k-goods",
    )


def picture(url: rx.Var[str], size: int = 34) -> rx.Component:
    """Show a product's picture, or a quiet sign where Kaspi gave none."""
    # A plain style: Reflex's own would be worked into a rule for every row. The sign is a mask of the
    # stylesheet's: drawn in each row it would be six elements.
    box = {"style": {"width": f"{size}px", "height": f"{size}px"}}
    return rx.cond(
        url,
        rx.el.img(src=url, alt="", loading="lazy", class_name="k-thumb", custom_attrs=box),
        rx.el.span(aria_hidden="true", class_name="k-thumb k-no-picture", custom_attrs=box),
    )


def _place(row: Row) -> rx.Component:
    return live_value(place_badge(row.place, row.sellers), watch=row.place)


def _price(row: Row) -> rx.Component:
    shown = live_value(
        rx.el.span(row.price, class_name="k-strong"), watch=row.price, at=row.price_at
    )
    return rx.el.span(
        shown,
        rx.cond(row.price_note, rx.el.span(row.price_note, class_name="k-note")),
        rx.cond(
            row.suggestion_id,
            rx.el.button(
                tr("Принять {price}", price=row.suggestion),
                type="button",
                class_name="k-link k-note-link",
                on_click=EditState.apply_suggestion(row.suggestion_id),
            ),
        ),
        class_name="k-price",
    )


def _rival(row: Row) -> rx.Component:
    return rx.cond(
        row.rival_price,
        rx.el.span(
            rx.el.span(
                row.rival_price,
                rx.el.span(" ", row.rival_note, class_name="k-note"),
                class_name="k-one-line",
            ),
            rx.el.span(row.rival_name, class_name="k-clip k-note"),
        ),
        rx.el.span("—", class_name="k-second"),
    )


def _min_price(row: Row) -> rx.Component:
    return inline_editor(
        row.min_price,
        label=tr("Мин. цена, {name}", name=row.name),
        outcome=EditState.edits[row.id + ":min_price"],
        on_save=lambda text: EditState.save_min(row.id, text),
        hint=rx.cond(ProfitHintState.product_id == row.id, ProfitHintState.words, ""),
        on_type=lambda text: ProfitHintState.of_row(row.id, text).debounce(250),
    )


def _max_price(row: Row) -> rx.Component:
    return inline_editor(
        row.max_price,
        label=tr("Макс. цена, {name}", name=row.name),
        outcome=EditState.edits[row.id + ":max_price"],
        on_save=lambda text: EditState.save_max(row.id, text),
        placeholder=tr("Нет"),
        optional=True,
    )


def _step(row: Row) -> rx.Component:
    return rx.el.span(
        inline_editor(
            row.step,
            label=tr("Шаг, {name}", name=row.name),
            outcome=EditState.edits[row.id + ":step"],
            on_save=lambda text: EditState.save_step(row.id, text),
        ),
        title=rx.cond(row.is_step_own, tr("Свой шаг товара"), tr("Шаг магазина")),
    )


def _strategy(row: Row) -> rx.Component:
    return rx.el.span(
        row_select(
            row.strategy,
            row.strategy_words,
            _STRATEGIES,
            label=tr("Стратегия, {name}", name=row.name),
            on_change=lambda code: EditState.save_strategy(row.id, code),
        ),
        class_name="k-input k-select k-in-row",
    )


def _bot(row: Row) -> rx.Component:
    return switch(
        row.bot_on,
        tr("Бот, {name}", name=row.name),
        on_change=lambda on: SwitchState.toggle(row.id, on),
        words=row.status,
        tone=rx.match(row.tone, ("amber", "amber"), ("red", "amber"), "accent"),
    )
