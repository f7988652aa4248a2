"""Fields of the forms of law: each with its label, its error under it and what it begins with."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.calculations.words import LABELS
from cube_demper.domain.rates import shipped
from cube_demper.seller.pages.calculator.state import LawState
from cube_demper.ui.actions import Text
from cube_demper.ui.forms import Options, checkbox, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr

_REGIONS = "regions"


def _field(name: str, control: rx.Component, help: Text | None) -> rx.Component:  # noqa: A002
    return form_field(tr(LABELS[name]), control, name=name, help=help, error=LawState.errors[name])


def money_field(name: str, help: Text | None = None) -> rx.Component:  # noqa: A002
    """Ask for a sum in tenge."""
    control = money_input(name, value=LawState.values[name], error=LawState.errors[name])
    return _field(name, control, help)


def date_field(name: str, help: Text | None = None) -> rx.Component:  # noqa: A002
    """Ask for a day."""
    control = text_input(
        name, type="date", default_value=LawState.values[name], error=LawState.errors[name]
    )
    return _field(name, control, help)


def number_field(
    name: str,
    unit: Text | None = None,
    help: Text | None = None,  # noqa: A002
    placeholder: str = "",
) -> rx.Component:
    """Ask for a number."""
    control = text_input(
        name,
        unit=unit,
        default_value=LawState.values[name],
        error=LawState.errors[name],
        placeholder=placeholder,
        input_mode="decimal",
        auto_complete="off",
    )
    return _field(name, control, help)


def choice_field(
    name: str,
    options: Options,
    help: Text | None = None,  # noqa: A002
) -> rx.Component:
    """Ask for one of several; other fields follow the choice."""
    control = select(
        name,
        options,
        default_value=LawState.values[name],
        error=LawState.errors[name],
        on_change=lambda value: LawState.choose(name, value),
    )
    return _field(name, control, help)


def box(name: str, text: Text, *, decides: bool = False) -> rx.Component:
    """Ask for a yes; `decides`: other fields follow it."""
    props: dict[str, Any] = {}
    if decides:
        props["on_change"] = lambda on: LawState.choose(name, rx.cond(on, "on", ""))
    return checkbox(name, text, default_checked=LawState.values[name] == "on", **props)


def region_field() -> rx.Component:
    """Ask for a city or district; those with a rate of their own are offered."""
    known = sorted({row.region for row in shipped.load().taxes if row.region})
    control = text_input(
        "region",
        list=_REGIONS,
        default_value=LawState.values["region"],
        error=LawState.errors["region"],
        placeholder=tr("общая ставка 4 %"),
        auto_complete="off",
    )
    offered = rx.el.datalist(*(rx.el.option(value=it) for it in known), id=_REGIONS)
    return rx.fragment(_field("region", control, tr("Ставку меняет маслихат.")), offered)
