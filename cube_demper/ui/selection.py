"""Rows chosen in a list, kept in the browser: at once under the finger, and sent with the action.

What arrives is only a wish: the service checks every id against its actor. A change of filters or of
the page's path clears it; turning pages does not.
"""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.browser import js_function, js_hook, library, run
from cube_demper.ui.i18n import tr


def _selection() -> rx.vars.ObjectVar[dict[str, object]]:
    return js_hook("selection", "useSelection", "selection").to(dict[str, object])


def selected_ids() -> rx.Var[list[str]]:
    """Return the chosen ids, for the arguments of a handler (empty when all by filter)."""
    return _selection()["ids"].to(list[str])


def whole_filter() -> rx.Var[bool]:
    """Tell whether everything that the filter finds is chosen; the handler reads the address."""
    return _selection()["all"].to(bool)


def selected_count() -> rx.Var[int]:
    """Return how many rows are chosen, of all pages."""
    return _selection()["count"].to(int)


def clear_selection() -> rx.event.EventSpec:
    """Return an event of the page itself that unchecks everything."""
    return run(js_function("selection", "clearSelection"))


def unselect() -> rx.event.EventSpec:
    """Return what a handler yields to uncheck everything; our modules are not in scope of its scripts."""
    return rx.call_script("document.dispatchEvent(new Event('kit:unselect'))")


class RowCheckbox(rx.Component):
    """The checkbox of one row."""

    library = library("selection")
    tag = "RowCheckbox"

    row_id: rx.Var[str]
    label: rx.Var[str]


class PageCheckbox(rx.Component):
    """The checkbox above the rows: all rows of this page."""

    library = library("selection")
    tag = "PageCheckbox"

    ids: rx.Var[list[str]]
    label: rx.Var[str]


def selection_bar(total: rx.Var[int], *actions: rx.Component) -> rx.Component:
    """Show «Выбрано 3 · Выбрать все 186 по фильтру» and the actions while anything is chosen.

    Args:
        total: how many rows the filter finds; also told to the browser for the count.
        actions: small buttons whose handlers take `selected_ids()` and `whole_filter()`.
    """
    choose_all = run(js_function("selection", "selectAll"), total)
    return rx.cond(
        selected_count() > 0,
        rx.el.div(
            rx.el.span(tr("Выбрано {n}", n=selected_count()), class_name="k-strong"),
            rx.cond(
                whole_filter() | (selected_count() >= total),
                rx.fragment(),
                rx.el.button(
                    tr("Выбрать все {n} по фильтру", n=total),
                    type="button",
                    class_name="k-link",
                    on_click=choose_all,
                ),
            ),
            rx.el.div(*actions, class_name="k-bar-actions"),
            rx.el.button(
                rx.icon("x", size=16),
                type="button",
                class_name="k-icon-button",
                aria_label=tr("Снять выбор"),
                on_click=clear_selection(),
            ),
            class_name="k-selection",
            role="region",
            aria_label=tr("Действия с выбранным"),
        ),
    )
