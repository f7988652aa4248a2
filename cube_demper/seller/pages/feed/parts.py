"""Figures, who took the file, what is wrong with its lines, goods without a card."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.feed.address_state import AddressState
from cube_demper.seller.pages.feed.rows import Cardless, Pull, Remark
from cube_demper.seller.pages.feed.state import FeedState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import form
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, stack
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import badge, dot
from cube_demper.ui.tables import Column, data_table
from cube_demper.ui.tiles import fact_strip

_VIEW = FeedState.view


def store_choice() -> rx.Component:
    """Choose the store, where there are several."""
    return rx.cond(
        FeedState.stores.length() > 1,
        rx.el.nav(
            rx.foreach(
                FeedState.stores,
                lambda it: rx.link(
                    it[1],
                    href=f"/stores/feed?store={it[0]}",
                    underline="none",
                    class_name=rx.cond(it[0] == _VIEW.id, "k-chip on", "k-chip"),
                    custom_attrs={"aria-current": rx.cond(it[0] == _VIEW.id, "page", "false")},
                ),
            ),
            class_name="k-row",
            aria_label=tr("Магазин"),
        ),
    )


def refusal_notice() -> rx.Component:
    """Say why the file is not given, and what helps."""
    anyway = button(
        tr("Отдать всё равно"), on_click=AddressState.ask("short", _VIEW.id, _VIEW.short)
    )
    return rx.cond(
        _VIEW.refusal,
        notice(
            tr("Прайс-лист сейчас не отдаётся"),
            rx.fragment(_VIEW.refusal, " ", tr("Kaspi держит прежние цены и товары.")),
            rx.cond(_VIEW.short > 0, anyway),
            tone="red",
        ),
    )


def figures() -> rx.Component:
    """Show the numbers that answer «is all well»."""
    return fact_strip(
        (tr("Kaspi забрал файл"), age(_VIEW.taken_at), tr("обычно раз в час")),
        (tr("Товаров в продаже"), _VIEW.goods, _VIEW.goods_note),
        (tr("Новых цен ждут"), _VIEW.waiting, tr("уйдут со следующим файлом")),
        (tr("Без карточки"), _VIEW.without_card, tr("бот их не видит")),
    )


def pulls_card() -> rx.Component:
    """List the latest requests for the file."""
    columns = (
        Column("at", tr("Когда"), lambda it: it.at, width="130px"),
        Column("outcome", tr("Итог"), _outcome),
        Column("goods", tr("Товаров"), lambda it: it.goods, width="110px", align="right"),
    )
    return card(
        data_table(
            _VIEW.pulls,
            columns,
            label=tr("Кто забирал прайс-лист"),
            phase=FeedState.phase,
            card='"outcome at" "goods goods"',
            card_columns="1fr auto",
        ),
        title=tr("Кто забирал"),
        flush=True,
    )


def _outcome(pull: rx.Var[Pull]) -> rx.Component:
    return rx.el.span(
        badge(pull.outcome, pull.tone),
        rx.cond(pull.note, rx.el.span(pull.note, class_name="k-second")),
        class_name="k-row",
    )


def remarks_card() -> rx.Component:
    """List what is wrong with single products."""
    return card(
        remarks(_VIEW.remarks, _VIEW.remarks_note),
        title=tr("Замечания по товарам"),
        note=tr("в последнем файле"),
    )


def remarks(rows: rx.Var[list[Remark]], more: rx.Var[str]) -> rx.Component:
    """List remarks: a coloured dot, the SKU, the sentence."""
    return stack(
        rx.el.ul(rx.foreach(rows, _remark), class_name="k-remarks"),
        rx.cond(more, rx.el.p(more, class_name="k-note")),
    )


def _remark(it: rx.Var[Remark]) -> rx.Component:
    return rx.el.li(
        dot(it.tone),
        rx.el.span(rx.el.b(it.sku), " ", rx.el.span(it.text, class_name="k-second")),
        key=it.id,
    )


def cardless_card() -> rx.Component:
    """Let the seller name the cards that nobody could guess."""
    return card(
        stack(
            rx.el.p(
                tr(
                    "По артикулу карточка не узнаётся, поэтому бот не видит конкурентов. Вставьте ссылку "
                    "на товар с kaspi.kz."
                ),
                class_name="k-second",
            ),
            rx.cond(
                FeedState.errors["card"],
                rx.el.p(FeedState.errors["card"], class_name="k-form-error", role="alert"),
            ),
            rx.el.div(rx.foreach(FeedState.cardless, _cardless), class_name="k-stack"),
        ),
        title=tr("Нет карточки"),
        note=_VIEW.without_card.to_string(),
    )


def _cardless(it: rx.Var[Cardless]) -> rx.Component:
    line = form(
        # A form's handler is made outside the loop, where `it` is unknown.
        rx.el.input(type="hidden", name="product_id", value=it.id),
        rx.el.span(
            rx.el.span(it.name, class_name="k-row-name"),
            rx.el.span(it.sku, class_name="k-under"),
            class_name="k-two",
        ),
        rx.el.div(
            # Not the kit's input: its id would be the same in every line.
            rx.el.span(
                rx.el.input(
                    name="card",
                    placeholder="kaspi.kz/shop/p/…",
                    custom_attrs={"aria-label": tr("Ссылка на карточку")},
                ),
                class_name="k-input",
            ),
            button(tr("Записать"), submit=True),
            class_name="k-row k-grow",
        ),
        on_submit=FeedState.give_card,
    )
    return rx.el.div(line, key=it.id)
