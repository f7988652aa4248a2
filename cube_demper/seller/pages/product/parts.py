"""Parts of a product's page: chart, log, sellers."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.product.cards import SellerView
from cube_demper.seller.pages.product.chart_state import ChartState
from cube_demper.seller.pages.product.entries import EntryView
from cube_demper.seller.pages.product.guards.state import GuardState
from cube_demper.seller.pages.product.log_state import LogState
from cube_demper.seller.pages.product.seller_state import SellerState
from cube_demper.seller.pages.product.state import ProductState
from cube_demper.ui.actions import button, menu, menu_item
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.forms import segmented
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import empty_state, skeleton
from cube_demper.ui.statuses import badge
from cube_demper.ui.timeline import timeline, timeline_item

_SPANS = (("day", "Сутки"), ("three", "3 дня"), ("month", "30 дней"))
_KINDS = (("changes", "Изменения"), ("all", "Все решения"))


def chart_card() -> rx.Component:
    """Show prices over time."""
    return card(
        rx.cond(
            ChartState.has_lines | (ChartState.caption == ""),
            rx.fragment(
                legend(
                    (tr("моя"), "mine", False),
                    (tr("лучший конкурент"), "rival", False),
                    (tr("мин. цена"), "floor", True),
                ),
                chart(
                    ChartState.figure,
                    label=tr("Цены за выбранное время"),
                    caption=ChartState.caption,
                ),
            ),
            empty_state(
                tr("Пока нечего рисовать"),
                ChartState.caption,
                icon="chart-line",
            ),
        ),
        title=tr("Цена и конкуренты"),
        note=ProductState.card.city,
        action=segmented(_SPANS, ChartState.span, ChartState.choose, label=tr("За какое время")),
    )


def log_card() -> rx.Component:
    """Show decisions in words."""
    return card(
        rx.cond(
            LogState.entries.length() > 0,
            rx.fragment(
                timeline(LogState.entries, _entry),
                rx.cond(
                    LogState.has_more,
                    button(tr("Показать ещё"), kind="ghost", on_click=LogState.more),
                ),
            ),
            rx.cond(
                LogState.is_read,
                _no_entries(),
                skeleton(4),
            ),
        ),
        title=tr("Почему такая цена"),
        action=segmented(_KINDS, LogState.kind, LogState.choose, label=tr("Что показать")),
    )


def _no_entries() -> rx.Component:
    """Tell a bot that has looked and left the price from one that has not looked yet."""
    return rx.cond(
        ProductState.card.checked_at,
        empty_state(
            tr("Цену бот не менял"),
            rx.fragment(
                age(ProductState.card.checked_at, prefix=tr("Проверил")),
                ". ",
                rx.cond(
                    LogState.kind == "changes",
                    tr("Почему оставил как есть, видно во всех решениях."),
                    tr("Причин вмешаться не было."),
                ),
            ),
            rx.cond(
                LogState.kind == "changes",
                button(tr("Показать все решения"), on_click=LogState.choose("all")),
            ),
            icon="circle-check",
        ),
        empty_state(
            tr("Решений пока нет"),
            tr("Когда бот проверит товар, здесь появится объяснение каждой цены."),
            icon="message-circle-question",
        ),
    )


def _entry(entry: rx.vars.ObjectVar[EntryView]) -> rx.Component:
    answer = rx.cond(
        entry.needs_consent,
        button(
            tr("Разрешить снижение"),
            size="s",
            kind="primary",
            on_click=GuardState.ask_allow(entry.city_id),
        ),
        rx.cond(
            entry.suggestion,
            button(
                tr("Принять {price}", price=entry.suggestion),
                size="s",
                on_click=LogState.apply_suggestion(entry.id),
            ),
        ),
    )
    return timeline_item(
        entry.time,
        entry.title,
        code=entry.code,
        value=entry.value,
        text=entry.text,
        note=rx.fragment(entry.note, rx.el.span(answer, style={"display": "block"})),
    )


def sellers_card() -> rx.Component:
    """Show who sells the card now."""
    return card(
        rx.cond(
            ProductState.sellers.length() > 0,
            rx.el.ol(
                rx.foreach(ProductState.sellers, _seller),
                style={"listStyle": "none", "margin": "0", "padding": "0"},
            ),
            empty_state(
                tr("Продавцов пока не видно"),
                tr("Список появится после первой проверки товара ботом."),
                icon="store",
            ),
        ),
        rx.cond(
            ProductState.more_sellers,
            rx.el.p(
                ProductState.more_sellers,
                class_name="k-note",
                style={"padding": "10px 16px", "borderTop": "1px solid var(--line)"},
            ),
        ),
        title=tr("Продавцы сейчас"),
        note=rx.el.span(ProductState.card.city, " ", age(ProductState.sellers_at)),
        flush=True,
    )


def _seller(seller: rx.vars.ObjectVar[SellerView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(seller.number, class_name="k-second", style={"width": "16px", "flex": "none"}),
        rx.el.span(
            rx.el.span(
                seller.name,
                " ",
                rx.cond(seller.mark, badge(seller.mark, rx.cond(seller.is_ours, "blue", "gray"))),
                style={"fontWeight": rx.cond(seller.is_ours, "600", "500")},
            ),
            rx.el.span(seller.note, class_name="k-note", style={"display": "block"}),
            style={"flex": "1", "minWidth": "0"},
        ),
        rx.el.span(
            rx.el.span(seller.price, style={"fontWeight": rx.cond(seller.is_ours, "600", "400")}),
            rx.el.span(seller.difference, class_name="k-note", style={"display": "block"}),
            style={"textAlign": "right", "whiteSpace": "nowrap"},
        ),
        _seller_menu(seller),
        style={
            "display": "flex",
            "gap": "12px",
            "alignItems": "center",
            "padding": "8px 16px",
            "fontSize": "13px",
            "lineHeight": "18px",
            "borderTop": "1px solid var(--line)",
            "background": rx.cond(seller.is_ours, "var(--accent-a2)", "transparent"),
            "color": rx.cond(seller.is_ignored, "var(--second)", "inherit"),
            "&:first-child": {"borderTop": "0"},
        },
    )


def _seller_menu(seller: rx.vars.ObjectVar[SellerView]) -> rx.Component:
    def item(act: str, words: str, icon: str) -> rx.Component:
        choose = SellerState.choose(act, seller.merchant, seller.name)
        return menu_item(tr(words), icon=icon, on_click=choose)

    opener = rx.el.button(
        rx.icon("ellipsis-vertical", size=16, aria_hidden="true"),
        type="button",
        class_name="k-icon-button",
        aria_label=tr("Учитывать ли «{name}»", name=seller.name),
    )
    return rx.cond(
        seller.is_ours,
        rx.el.span(style={"width": "28px", "flex": "none"}),
        menu(
            opener,
            rx.cond(
                seller.is_excluded,
                item("include", "Снова учитывать", "user-check"),
                item("exclude", "Не учитывать на этом товаре", "user-x"),
            ),
            rx.cond(
                seller.is_followed,
                item("unfollow", "Убрать из «только эти»", "users"),
                item("follow", "Смотреть только на него", "crosshair"),
            ),
        ),
    )
