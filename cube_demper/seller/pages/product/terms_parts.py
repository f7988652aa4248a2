"""The panel «Границы и шаг»."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.product.state import ProductState
from cube_demper.seller.pages.product.terms_state import TermsState
from cube_demper.seller.pages.products.words import STRATEGY_WORDS
from cube_demper.seller.profit_hint.state import ProfitHintState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import form, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card

FORM_VALUES = "Object.fromEntries(new FormData(document.getElementById('min_rating').form))"
"""What is typed and not yet saved: a preview is asked for without sending the form."""


def terms_card() -> rx.Component:
    """Show bounds, step, strategy and which rivals count."""
    terms, errors = ProductState.terms, TermsState.errors
    return card(
        rx.el.div(
            form(
                rx.el.input(type="hidden", name="seen", value=terms.seen),
                _pair(
                    _min_price(terms.min_price),
                    _money("max_price", tr("Макс. цена"), terms.max_price, tr("выше не поднимем")),
                ),
                form_field(
                    tr("Стратегия"),
                    select("strategy", list(STRATEGY_WORDS.items()), default_value=terms.strategy),
                    name="strategy",
                    error=errors["strategy"],
                ),
                _pair(
                    _money("step", tr("Шаг"), terms.step, terms.step_help),
                    form_field(
                        tr("Место для «В топе»"),
                        text_input("top_n", default_value=terms.top_n, input_mode="numeric"),
                        name="top_n",
                        error=errors["top_n"],
                    ),
                ),
                _rivals(),
                button(tr("Сохранить"), kind="primary", submit=True, busy=TermsState.is_busy),
                on_submit=TermsState.save,
            ),
            key=terms.key,
        ),
        title=tr("Границы и шаг"),
        note=terms.schedule,
    )


def _rivals() -> rx.Component:
    terms, errors = ProductState.terms, TermsState.errors
    return rx.el.details(
        rx.el.summary(tr("Кого считать конкурентом"), style={"cursor": "pointer"}),
        rx.el.div(
            form_field(
                tr("Срок доставки"),
                select(
                    "delivery_filter",
                    terms.delivery_options,
                    default_value=terms.delivery_filter,
                ),
                name="delivery_filter",
                error=errors["delivery_filter"],
            ),
            _reputation(),
            form_field(
                tr("Предзаказы"),
                select("preorder", terms.preorder_options, default_value=terms.preorder),
                name="preorder",
            ),
            rx.cond(terms.named, rx.el.p(terms.named, class_name="k-note")),
            rx.el.p(
                tr("Кого не учитывать поимённо, выбирается в списке «Продавцы сейчас»."),
                class_name="k-note",
            ),
            _preview(),
            class_name="k-stack",
            style={"paddingTop": "12px"},
        ),
    )


def _reputation() -> rx.Component:
    terms, errors = ProductState.terms, TermsState.errors
    return _pair(
        form_field(
            tr("Рейтинг от"),
            text_input(
                "min_rating",
                default_value=terms.min_rating,
                placeholder=terms.store_rating,
                input_mode="decimal",
            ),
            name="min_rating",
            error=errors["min_rating"],
        ),
        form_field(
            tr("Отзывов от"),
            text_input(
                "min_reviews",
                default_value=terms.min_reviews,
                placeholder=terms.store_reviews,
                input_mode="numeric",
            ),
            name="min_reviews",
            error=errors["min_reviews"],
        ),
    )


def _preview() -> rx.Component:
    return rx.el.div(
        button(
            tr("Сколько останется"),
            size="s",
            icon="eye",
            on_click=rx.call_script(FORM_VALUES, callback=TermsState.show_preview),
        ),
        rx.el.span(TermsState.preview, class_name="k-note", role="status"),
        style={"display": "flex", "gap": "12px", "alignItems": "center"},
    )


def _min_price(value: rx.Var[str]) -> rx.Component:
    """Ask for the min. price and say what a sale at it would leave."""
    error, hint = TermsState.errors["min_price"], ProfitHintState.words
    return form_field(
        tr("Мин. цена"),
        money_input(
            "min_price",
            value=value,
            error=error,
            on_change=lambda text: ProfitHintState.of_page(text).debounce(250),
        ),
        name="min_price",
        help=rx.cond(
            (ProfitHintState.product_id == ProductState.card.id) & (hint != ""),
            hint,
            tr("ниже не опустим"),
        ),
        error=error,
    )


def _money(name: str, label: rx.Var[str], value: rx.Var[str], help_: rx.Var[str]) -> rx.Component:
    error = TermsState.errors[name]
    control = money_input(name, value=value, error=error)
    return form_field(label, control, name=name, help=help_, error=error)


def _pair(one: rx.Component, two: rx.Component) -> rx.Component:
    return rx.el.div(
        one,
        two,
        style={
            "display": "grid",
            "gridTemplateColumns": "minmax(0, 1fr) minmax(0, 1fr)",
            "gap": "12px",
        },
    )
