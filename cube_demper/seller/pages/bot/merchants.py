"""A list of sellers in the settings: chips with a cross, and a search that adds."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.merchants_state import Merchant, MerchantsState
from cube_demper.ui.forms import form_field
from cube_demper.ui.i18n import tr

_NO_FORM = "none"
"""The search belongs to no form: Enter in it must not save the settings."""


def merchants_field(name: str, label: Any, note: Any, error: Any) -> rx.Component:
    """Choose sellers by name; the form gets their numbers under `name`."""
    return form_field(
        label,
        rx.el.div(
            rx.el.input(type="hidden", name=name, value=MerchantsState.ids[name], read_only=True),
            rx.cond(
                MerchantsState.chosen[name].length() > 0,
                rx.el.ul(
                    rx.foreach(MerchantsState.chosen[name], lambda it: _chip(name, it)),
                    class_name="k-picks",
                    custom_attrs={"aria-label": label},
                ),
            ),
            _search(name, label),
            rx.cond(MerchantsState.field == name, _found(name)),
            class_name="k-picker",
        ),
        name=f"{name}-search",
        help=note,
        error=error,
    )


def _chip(field: str, item: Any) -> rx.Component:
    merchant: Merchant = item
    return rx.el.li(
        rx.el.span(merchant.name, title=merchant.note),
        rx.el.button(
            rx.icon("x", size=14, aria_hidden="true"),
            type="button",
            aria_label=tr("Убрать «{name}»", name=merchant.name),
            on_click=MerchantsState.remove(field, merchant.id),
        ),
        key=merchant.id,
    )


def _search(field: str, label: Any) -> rx.Component:
    return rx.el.span(
        rx.icon("search", size=16, aria_hidden="true"),
        rx.el.input(
            id=f"{field}-search",
            # Made anew when somebody was added: what was typed is done with.
            key=field + MerchantsState.ids[field],
            type="search",
            placeholder=tr("Название или номер продавца"),
            on_change=lambda text: MerchantsState.search(field, text),
            debounce_timeout=300,
            auto_complete="off",
            form=_NO_FORM,
            custom_attrs={"aria-label": label, "aria-describedby": f"{field}-search-note"},
        ),
        class_name="k-search",
    )


def _found(field: str) -> rx.Component:
    return rx.el.div(
        rx.cond(
            MerchantsState.nobody,
            rx.el.p(MerchantsState.nobody, class_name="k-note"),
        ),
        rx.el.ul(
            rx.foreach(
                MerchantsState.found,
                lambda it: rx.el.li(
                    rx.el.button(
                        rx.el.span(it.name),
                        rx.el.span(it.note, class_name="k-note"),
                        type="button",
                        on_click=MerchantsState.add(field, it.id),
                    ),
                    key=it.id,
                ),
            ),
            class_name="k-picker-found",
        ),
        role="status",
    )
