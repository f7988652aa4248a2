"""The form: a column a scenario, the usual fields in sight and the rest under «Ещё условия»."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.calculations.unit_papers import LETTERS
from cube_demper.domain.calculations.words import DELIVERIES, LABELS, MONEY, REGIMES
from cube_demper.seller.pages.calculator_unit.find_parts import with_form
from cube_demper.seller.pages.calculator_unit.state import UnitState
from cube_demper.seller.tariffs.picker import category_picker
from cube_demper.ui.actions import Text, button, icon_button
from cube_demper.ui.forms import checkbox, form, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card

_CHOICES: dict[str, list[tuple[str, Text]]] = {
    "regime": [(it.value, tr(text)) for it, text in REGIMES.items()],
    "delivery": [(it.value, tr(text)) for it, text in DELIVERIES.items()],
}
_HELP = {
    "cost": tr("Пусто — прибыль не посчитается, остальное покажем."),
    "region": tr("Ставка упрощёнки по решению маслихата."),
}
_PAIRS = (("price", "cost"), ("delivery", "weight_kg"), ("regime", "on"))
_MORE = (
    ("packaging", "other"),
    ("own_delivery", "advertising"),
    ("advertising_percent", "bonus_percent"),
    ("returns_percent", "return_loss_percent"),
    ("commission_percent", "surcharge_percent"),
    ("region", "tax_percent"),
    ("cost_vat_percent", "wanted_profit"),
)
_BOXES = ("is_vat_payer", "is_top_rate", "is_cost_deductible", "is_kaspi_pay_on_top")


def scenarios_form() -> rx.Component:
    """Ask for one to three scenarios."""
    return form(
        rx.el.div(
            *(rx.cond(UnitState.letters.contains(letter), _scenario(letter)) for letter in LETTERS),
            class_name="k-scenarios",
            key=UnitState.version.to_string(),
        ),
        rx.el.div(
            button(tr("Рассчитать"), icon="calculator", kind="primary", submit=True),
            class_name="k-row",
        ),
        on_submit=UnitState.count,
        error=UnitState.errors["form"],
    )


def _scenario(letter: str) -> rx.Component:
    return card(
        rx.el.div(
            _pair(letter, _PAIRS[0]),
            _category(letter),
            *(_pair(letter, pair) for pair in _PAIRS[1:]),
            _field(letter, "wanted_margin_percent"),
            rx.el.details(
                rx.el.summary(tr("Ещё условия")),
                rx.el.div(
                    *(_pair(letter, pair) for pair in _MORE),
                    *(_box(letter, name) for name in _BOXES),
                ),
                open=UnitState.is_more_open,
                class_name="k-more-fields",
            ),
            class_name="k-scenario",
        ),
        title=tr("Сценарий {letter}", letter=letter),
        action=_acts(letter),
    )


def _acts(letter: str) -> rx.Component:
    copied = button(
        tr("Копия"),
        icon="copy",
        size="s",
        on_click=with_form("from", letter, UnitState.copy),
        custom_attrs={"aria-label": tr("Скопировать сценарий {letter} рядом", letter=letter)},
    )
    dropped = icon_button(
        "x",
        tr("Убрать сценарий {letter}", letter=letter),
        on_click=with_form("from", letter, UnitState.drop),
    )
    return rx.el.div(
        rx.cond(UnitState.letters.length() < len(LETTERS), copied),
        rx.cond(UnitState.letters.length() > 1, dropped),
        class_name="k-row",
    )


def _pair(letter: str, names: tuple[str, str]) -> rx.Component:
    return rx.el.div(*(_field(letter, name) for name in names), class_name="k-duo")


def _field(letter: str, name: str) -> rx.Component:
    key = f"{letter}_{name}"
    value, error = UnitState.values[key], UnitState.errors[key]
    if name in _CHOICES:
        control = select(key, _CHOICES[name], default_value=value, error=error)
    elif name in MONEY:
        control = money_input(key, value=value, error=error)
    elif name == "category":
        hint = tr("Начните вводить название")
        control = category_picker(key, value=value, placeholder=hint, error=error)
    elif name == "on":
        control = text_input(key, type="date", default_value=value, error=error)
    else:
        label = LABELS[name]
        props: dict[str, Any] = {} if name == "region" else {"input_mode": "decimal"}
        control = text_input(
            key,
            unit="%" if "%" in label else "кг" if name == "weight_kg" else None,
            default_value=value,
            error=error,
            auto_complete="off",
            **props,
        )
    help_ = _HELP.get(name)
    return form_field(tr(_short(LABELS[name])), control, name=key, help=help_, error=error)


def _short(label: str) -> str:
    """Drop the unit that stands inside the input anyway."""
    return label.removesuffix(", %").removesuffix(", кг")


def _category(letter: str) -> rx.Component:
    key = f"{letter}_category"
    offered = rx.el.div(
        rx.foreach(
            UnitState.options,
            lambda it: rx.el.button(it, type="button", on_click=UnitState.pick(it)),
        ),
        class_name="k-options",
        role="group",
        aria_label=tr("Похожие категории"),
    )
    is_here = (UnitState.options_for == "") | UnitState.options_for.contains(letter)
    return rx.el.div(
        _field(letter, "category"),
        rx.cond((UnitState.options.length() > 0) & is_here, offered),
        key=key,
        class_name="k-stack-s",
    )


def _box(letter: str, name: str) -> rx.Component:
    key = f"{letter}_{name}"
    error = UnitState.errors[key]
    return rx.el.div(
        checkbox(key, tr(LABELS[name]), default_checked=UnitState.values[key] == "on"),
        rx.cond(error, rx.el.span(error, class_name="k-wrong k-note", role="status")),
    )
