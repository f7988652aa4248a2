"""The choice of the landing with its figures, and the lists of goods that a plan decides about."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.billing.goods import PAGE_SIZE
from cube_demper.seller.pages.billing.goods_rows import ChoiceRow, GoodsRow
from cube_demper.seller.pages.billing.goods_state import GoodsState
from cube_demper.seller.pages.billing.state import BillingState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table, row_link, two_lines


def landing_card() -> rx.Component:
    """Choose where prices freeze when the plan is not paid."""
    return card(
        rx.el.p(
            tr("Бот не бросает товары посреди ценовой войны."),
            " ",
            BillingState.now.lands_how,
            class_name="k-second k-lead-in",
        ),
        rx.cond(
            BillingState.now.can_land,
            rx.el.fieldset(
                rx.el.legend(tr("Где остановить цены"), class_name="k-unseen"),
                rx.foreach(GoodsState.choices, _choice),
                disabled=~BillingState.is_owner,
                class_name="k-ways",
            ),
        ),
        rx.el.p(
            text_link(tr("Показать товары под риском"), "/billing?goods=risk#goods"),
            class_name="k-acts",
        ),
        title=BillingState.now.lands,
    )


def _choice(item: Any) -> rx.Component:
    choice: ChoiceRow = item
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="landing",
            value=choice.code,
            default_checked=GoodsState.landing == choice.code,
            on_change=GoodsState.choose_landing(choice.code),
        ),
        rx.el.span(
            rx.el.span(choice.title, class_name="k-strong"),
            rx.el.span(choice.text, class_name="k-second"),
            rx.el.span(choice.effect),
            class_name="k-lines",
        ),
        badge(choice.risk, choice.tone),
        class_name="k-way",
        key=choice.code,
    )


def goods_list() -> rx.Component:
    """List the goods: who keeps the bot, who does not, who is at risk."""
    shown = GoodsState.shown
    return rx.cond(
        shown.kind != "",
        rx.el.section(
            tabs(
                [
                    Tab("losing", tr("Без места в тарифе"), shown.losing, "amber"),
                    Tab("keeping", tr("С ботом"), shown.keeping),
                    Tab("risk", tr("Под риском"), shown.risk),
                ],
                shown.kind,
                name="goods",
            ),
            rx.cond(shown.kind == "risk", _risk_table(), _bots_table()),
            _question(),
            id="goods",
            class_name="k-stack",
            aria_label=tr("Товары и тариф"),
        ),
    )


def _bots_table() -> rx.Component:
    losing = GoodsState.shown.kind == "losing"
    return _table(
        [
            Column("name", tr("Товар"), _name, label=""),
            Column("since", tr("Включён"), lambda it: it.since, width="180px", label=""),
            Column("price", tr("Цена"), lambda it: it.price, width="140px", align="right"),
        ],
        card_areas='"name name" "since price"',
        tools=rx.cond(
            losing,
            rx.el.div(
                rx.el.p(
                    tr(
                        "Бот работает у товаров, включённых раньше. У этих он ждёт места: цены "
                        "стоят. Выключите лишних или выберите тариф больше."
                    ),
                    class_name="k-second",
                ),
                rx.cond(
                    GoodsState.shown.losing > 0,
                    rx.el.div(
                        button(tr("Выключить лишних"), on_click=GoodsState.ask),
                        class_name="k-push",
                    ),
                ),
                class_name="k-card-head",
            ),
            rx.fragment(),
        ),
        empty=empty_state(tr("Таких товаров нет"), icon="circle-check"),
    )


def _risk_table() -> rx.Component:
    return _table(
        [
            Column("name", tr("Товар"), _name, label=""),
            Column("price", tr("Сейчас"), lambda it: it.price, width="130px", align="right"),
            Column("frozen", tr("Замрёт на"), lambda it: it.frozen, width="130px", align="right"),
            Column(
                "rival",
                tr("Конкурент"),
                lambda it: it.rival,
                width="130px",
                align="right",
                on_card=False,
            ),
            Column("why", tr("Что это значит"), lambda it: it.why, width="260px", label=""),
        ],
        card_areas='"name name" "price frozen" "why why"',
        tools=rx.fragment(),
        empty=empty_state(
            tr("Под риском никого"),
            tr("При этом выборе ни у одного товара конкурент не окажется дешевле или вровень."),
            icon="circle-check",
        ),
    )


def _table(
    columns: list[Column], *, card_areas: str, tools: rx.Component, empty: rx.Component
) -> rx.Component:
    return data_table(
        GoodsState.rows,
        columns,
        label=tr("Товары и тариф"),
        phase=GoodsState.phase,
        card=card_areas,
        card_columns="minmax(0, 1fr) auto",
        total=GoodsState.shown.total,
        page=GoodsState.shown.page,
        page_size=PAGE_SIZE,
        tools=tools,
        empty=empty,
        on_retry=GoodsState.load,
    )


def _name(item: Any) -> rx.Component:
    product: GoodsRow = item
    return two_lines(row_link(product.name, product.link), product.store)


def _question() -> rx.Component:
    question = GoodsState.question
    return confirm_dialog(
        question.is_open,
        title=question.title,
        text=tr(
            "Их цены останутся такими, как сейчас. Бот у остальных товаров продолжит работать. "
            "Включить его снова можно в «Товарах», если место освободится."
        ),
        confirm=question.verb,
        on_confirm=GoodsState.sort_out,
        on_close=GoodsState.close,
        busy=GoodsState.is_busy,
    )
