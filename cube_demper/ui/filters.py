"""What stands around a list: tabs with counts, search, filter chips, pager. All of it is in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr, tr_number
from cube_demper.ui.query import change_query, clear_query


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: `value` in the address, its words, how many, and amber when the count needs the person.

    `is_rare`: only there while it holds something or is the one chosen.
    """

    value: str
    text: Text
    count: rx.Var[Any] | None = None
    tone: Literal["", "amber", "red"] = ""
    is_rare: bool = False

    def where_shown(self, shown: rx.Component, chosen: rx.Var[str]) -> rx.Component:
        """Leave a rare tab out while it is empty."""
        if not self.is_rare or self.count is None:
            return shown
        return rx.cond((self.count.to(int) > 0) | (chosen == self.value), shown)


def tabs(items: Sequence[Tab], chosen: rx.Var[str], *, name: str = "tab") -> rx.Component:
    """Show tabs with counts; on a phone the same list is a select."""
    return rx.el.nav(
        rx.el.div(
            *(item.where_shown(_tab(item, chosen, name), chosen) for item in items),
            class_name="k-tabs",
        ),
        rx.el.span(
            rx.el.select(
                *(
                    item.where_shown(rx.el.option(_tab_words(item), value=item.value), chosen)
                    for item in items
                ),
                value=chosen,
                on_change=lambda value: change_query(**{name: value}),
                custom_attrs={"aria-label": tr("Показать")},
            ),
            rx.icon("chevron-down", size=16, aria_hidden="true"),
            class_name="k-input k-select k-tabs-select",
        ),
        aria_label=tr("Разделы списка"),
        class_name="k-tabs-nav",
    )


def _tab_words(item: Tab) -> Any:
    if item.count is None:
        return item.text
    return rx.Var.create(item.text).to(str) + " · " + tr_number(item.count)


def _tab(item: Tab, chosen: rx.Var[str], name: str) -> rx.Component:
    count = rx.fragment()
    if item.count is not None:
        is_any = item.count.to(int) > 0
        tone = rx.cond(is_any, f"k-count {item.tone}", "k-count") if item.tone else "k-count"
        count = rx.el.span(tr_number(item.count), class_name=tone)
    return rx.el.button(
        item.text,
        count,
        type="button",
        on_click=change_query(**{name: item.value}),
        custom_attrs={"aria-current": rx.cond(chosen == item.value, "true", "false")},
    )


class _Search(rx.Component):
    library = library("search")
    tag = "Search"

    value: rx.Var[str]
    words: rx.Var[str]
    icon: rx.Var[Any]
    name: rx.Var[str]
    shortcut: rx.Var[str]


def search_box(
    value: rx.Var[str], placeholder: Text, *, name: str = "q", shortcut: str = ""
) -> rx.Component:
    """Search as one types, 300 ms after the last letter; `value` is what the list shows now.

    `name`: the part of the address; `shortcut`: the key that leads here, where the app has keys.
    """
    return _Search.create(
        value=value,
        words=placeholder,
        icon=rx.Var.create(rx.icon("search", size=16, aria_hidden="true")),
        name=name,
        shortcut=shortcut,
    )


def filter_chip(
    text: Text,
    value: rx.Var[str],
    options: Sequence[tuple[str, Text]] | rx.Var[list[dict[str, str]]],
    *,
    name: str,
) -> rx.Component:
    """Show one filter: dashed while it is off; its name, value and a cross while it is on.

    Args:
        text: what is filtered («Магазин»).
        value: the value in effect, "" when off.
        options: values with words; a Var has dicts with `value` and `label`.
        name: the part of the address.
    """
    if isinstance(options, rx.Var):
        choices: list[Any] = [
            rx.foreach(options, lambda o: rx.el.option(o["label"], value=o["value"]))
        ]
    else:
        choices = [rx.el.option(words, value=key) for key, words in options]
    return rx.el.span(
        rx.el.select(
            rx.el.option(text, value=""),
            *choices,
            value=value,
            on_change=lambda chosen: change_query(**{name: chosen}),
            custom_attrs={"aria-label": text},
        ),
        rx.cond(
            value,
            rx.el.button(
                rx.icon("x", size=14, aria_hidden="true"),
                type="button",
                aria_label=tr("Убрать фильтр"),
                on_click=change_query(**{name: ""}),
            ),
            rx.icon("chevron-down", size=14, aria_hidden="true"),
        ),
        class_name=rx.cond(value, "k-chip on", "k-chip"),
    )


def sort_select(words: Mapping[str, str], sort: rx.Var[str]) -> rx.Component:
    """Choose the order of a list: `words` of each order by its code; a column's own order is one more."""
    return rx.el.span(
        rx.el.select(
            *(rx.el.option(tr(text), value=code) for code, text in words.items()),
            rx.el.option(tr("По столбцу"), value=sort, hidden=True),
            value=sort,
            on_change=lambda code: change_query(sort=code),
            custom_attrs={"aria-label": tr("Порядок")},
        ),
        rx.icon("chevron-down", size=14, aria_hidden="true"),
        class_name="k-chip on",
    )


def filter_bar(
    *parts: rx.Component,
    found: rx.Var[Any] | None = None,
    active: rx.Var[bool] | None = None,
    right: rx.Component | None = None,
    keep: Sequence[str] = ("tab",),
) -> rx.Component:
    """Put search and chips in a line, «Сбросить» when any is on, and «Найдено 186» at the right."""
    return rx.el.div(
        *parts,
        rx.cond(
            active,
            rx.el.button(
                tr("Сбросить"), type="button", on_click=clear_query(*keep), class_name="k-quiet"
            ),
        )
        if active is not None
        else rx.fragment(),
        rx.el.div(
            rx.el.span(
                tr("Найдено"), " ", rx.el.b(tr_number(found)), class_name="k-second", role="status"
            )
            if found is not None
            else rx.fragment(),
            right if right is not None else rx.fragment(),
            class_name="k-push",
        ),
        class_name="k-filters",
    )


def pager(total: rx.Var[int], page: rx.Var[int], size: int) -> rx.Component:
    """Show «1–50 из 812» with buttons to the pages around; nothing when all fits."""
    last = rx.Var.create(0).to(int) + (total + size - 1) // size
    first_row = (page - 1) * size + 1
    last_row = rx.cond(page * size < total, page * size, total)
    return rx.cond(
        total > size,
        rx.el.nav(
            rx.el.span(
                tr("{from}–{to} из {n}", **{"from": first_row, "to": last_row, "n": total}),
                class_name="k-second",
                role="status",
            ),
            rx.el.div(
                _turn("chevron-left", tr("Назад"), page - 1, disabled=page <= 1),
                rx.el.span(tr("{page} из {last}", page=page, last=last)),
                _turn("chevron-right", tr("Вперёд"), page + 1, disabled=page >= last),
                class_name="k-pages",
            ),
            aria_label=tr("Страницы"),
            class_name="k-pager",
        ),
    )


def _turn(icon: str, words: Text, page: Any, *, disabled: Any) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        type="button",
        on_click=change_query(page=page),
        disabled=disabled,
        aria_label=words,
        class_name="k-icon-button",
    )
