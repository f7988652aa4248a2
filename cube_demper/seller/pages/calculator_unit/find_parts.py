"""The box that starts a calculation from a product or a link."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.calculator_unit.find_state import FindState, FoundRow
from cube_demper.seller.pages.calculator_unit.state import UnitState
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card

FORM = "Object.fromEntries(new FormData(document.getElementById('A_price').form))"
"""What is typed and not yet counted."""


def with_form(name: str, value: Any, callback: Any) -> Any:
    """Return an event that gives a handler the form as it is typed, with one value more."""
    script = rx.Var.create(f"Object.assign({FORM}, {{'{name}': '").to(str) + value + "'})"
    return rx.call_script(script, callback=callback)


def find_card() -> rx.Component:
    """Look for a product by name, SKU or link."""
    return rx.el.div(
        card(
            rx.el.div(
                rx.el.label(
                    rx.icon("search", size=16, aria_hidden="true"),
                    rx.el.input(
                        id="find",
                        type="search",
                        placeholder=tr("Название, артикул или ссылка на карточку Kaspi"),
                        max_length=300,
                        on_key_down=lambda key: rx.cond(key == "Enter", _find(), rx.noop()),
                        custom_attrs={
                            "aria-label": tr("Название, артикул или ссылка на карточку Kaspi")
                        },
                    ),
                    class_name="k-search",
                ),
                button(tr("Найти"), on_click=_find()),
                class_name="k-finder",
            ),
            rx.cond(
                FindState.found.length() > 0,
                rx.el.ul(rx.foreach(FindState.found, _found), class_name="k-found"),
            ),
            rx.cond(
                UnitState.told != "",
                rx.el.p(UnitState.told, class_name="k-note k-told", role="status"),
            ),
            title=tr("Начать с товара"),
            note=rx.cond(UnitState.product != "", UnitState.product, tr("или заполните сами")),
        ),
        class_name="k-find",
    )


def _find() -> Any:
    script = f"Object.assign({FORM}, {{find: document.getElementById('find').value}})"
    return rx.call_script(script, callback=FindState.find)


def _found(item: Any) -> rx.Component:
    row: FoundRow = item
    return rx.el.li(
        rx.el.button(
            rx.icon("package", size=16, aria_hidden="true"),
            rx.el.span(
                rx.el.span(row.name), rx.el.span(row.note, class_name="k-under"), class_name="k-two"
            ),
            type="button",
            on_click=with_form("take", row.id, FindState.take),
        )
    )
