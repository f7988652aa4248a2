"""The form of a store's conditions: units inside, help under, errors in place of help."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.economics_terms.state import SaleTermsState
from cube_demper.seller.tariffs.picker import category_picker
from cube_demper.ui.actions import Text, button
from cube_demper.ui.forms import checkbox, form, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr

_SAVED = SaleTermsState.saved
_REGIMES = [
    ("ip_simplified", tr("ИП, упрощёнка")),
    ("ip_general", tr("ИП, общий режим")),
    ("too_simplified", tr("ТОО, упрощёнка")),
    ("too_general", tr("ТОО, общий режим")),
]
_DELIVERIES = [
    ("city", tr("Kaspi Доставка по городу")),
    ("kazakhstan", tr("Kaspi Доставка по Казахстану")),
    ("express", tr("Kaspi Доставка Express")),
    ("pickup", tr("Самовывоз")),
    ("own", tr("Своя доставка")),
]


def terms_form() -> rx.Component:
    """Show everything that is told once for a store."""
    return form(
        rx.el.h3(tr("Налог"), class_name="k-form-part"),
        _taxes(),
        rx.el.h3(tr("Доставка и вес"), class_name="k-form-part"),
        _delivery(),
        rx.el.h3(tr("Комиссия Kaspi"), class_name="k-form-part"),
        _pair(
            form_field(
                tr("Обычная категория"),
                category_picker(
                    "category",
                    value=_SAVED.category,
                    placeholder=tr("Утюги"),
                    error=SaleTermsState.errors["category"],
                ),
                name="category",
                help=tr("Для товаров, у которых она не известна"),
                error=SaleTermsState.errors["category"],
            ),
            _percent(
                "commission_percent",
                tr("Своя комиссия"),
                help=tr("Если в договоре другая: заменит таблицу"),
            ),
        ),
        rx.el.h3(tr("Расходы на одну продажу"), class_name="k-form-part"),
        _expenses(),
        rx.el.div(
            button(tr("Сохранить"), kind="primary", submit=True, busy=SaleTermsState.is_busy),
            class_name="k-row",
        ),
        on_submit=SaleTermsState.save,
    )


def _taxes() -> rx.Component:
    is_simplified = (SaleTermsState.regime == "ip_simplified") | (
        SaleTermsState.regime == "too_simplified"
    )
    return rx.fragment(
        _pair(
            form_field(
                tr("Режим"),
                select(
                    "regime",
                    _REGIMES,
                    default_value=_SAVED.regime,
                    on_change=SaleTermsState.choose_regime,
                    error=SaleTermsState.errors["regime"],
                ),
                name="regime",
                error=SaleTermsState.errors["regime"],
            ),
            rx.cond(
                is_simplified,
                _text(
                    "region",
                    tr("Город или район"),
                    tr("Алматы"),
                    help=tr("Ставку 2–6 % назначает маслихат; пусто — 4 %"),
                ),
                _percent(
                    "cost_vat_percent",
                    tr("НДС в счёте поставщика"),
                    help=tr("Пусто — закупка без НДС"),
                ),
            ),
        ),
        _percent(
            "tax_percent", tr("Своя ставка налога"), help=tr("Пусто — по таблице на день продажи")
        ),
        rx.cond(is_simplified, rx.fragment(), _general()),
    )


def _general() -> rx.Component:
    """Show what only the general regime asks."""
    return rx.fragment(
        checkbox("is_vat_payer", tr("Плательщик НДС"), default_checked=_SAVED.is_vat_payer),
        checkbox(
            "no_papers",
            tr("Закупка без документов, из налога не вычитается"),
            default_checked=_SAVED.no_papers,
        ),
        rx.cond(
            SaleTermsState.regime == "ip_general",
            checkbox(
                "is_top_rate",
                tr("Доход за год выше предела: ставка 15 %"),
                default_checked=_SAVED.is_top_rate,
            ),
        ),
    )


def _delivery() -> rx.Component:
    return _pair(
        form_field(
            tr("Кто доставляет"),
            select(
                "delivery",
                _DELIVERIES,
                default_value=_SAVED.delivery,
                on_change=SaleTermsState.choose_delivery,
                error=SaleTermsState.errors["delivery"],
            ),
            name="delivery",
            help=tr("Чаще всего: от этого зависит цена доставки"),
            error=SaleTermsState.errors["delivery"],
        ),
        rx.cond(
            SaleTermsState.delivery == "own",
            _money("own_delivery", tr("Своя доставка стоит")),
            _text(
                "weight",
                tr("Обычный вес с упаковкой"),
                "0,5",
                unit=tr("кг"),
                help=tr("Для товаров, у которых он не указан"),
                input_mode="decimal",
            ),
        ),
    )


def _expenses() -> rx.Component:
    return rx.fragment(
        _pair(_money("packaging", tr("Упаковка")), _money("other", tr("Прочее"))),
        _pair(
            _money("advertising", tr("Реклама")),
            _percent("advertising_percent", tr("Реклама от цены")),
        ),
        _pair(
            _percent("bonus_percent", tr("Бонусы от цены")),
            _percent("returns_percent", tr("Возвраты"), help=tr("Доля выданных заказов")),
        ),
        _percent(
            "return_loss_percent",
            tr("Теряется на возврате"),
            help=tr("Какая часть закупки пропадает, когда товар вернули"),
        ),
    )


def _pair(left: rx.Component, right: rx.Component) -> rx.Component:
    return rx.el.div(
        left,
        right,
        style={
            "display": "grid",
            "gridTemplateColumns": "repeat(auto-fit, minmax(220px, 1fr))",
            "gap": "14px 16px",
        },
    )


def _text(
    name: str,
    label: Text,
    placeholder: Text,
    *,
    help: Text | None = None,  # noqa: A002 - the word of UI.md
    **props: Any,
) -> rx.Component:
    error = SaleTermsState.errors[name]
    control = text_input(
        name, default_value=getattr(_SAVED, name), placeholder=placeholder, error=error, **props
    )
    return form_field(label, control, name=name, help=help, error=error)


def _percent(name: str, label: Text, *, help: Text | None = None) -> rx.Component:  # noqa: A002
    return _text(name, label, "0", help=help, unit="%", input_mode="decimal")


def _money(name: str, label: Text) -> rx.Component:
    error = SaleTermsState.errors[name]
    control = money_input(name, value=getattr(_SAVED, name), placeholder="0", error=error)
    return form_field(label, control, name=name, error=error)
