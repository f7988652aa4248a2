"""The one table: columns on a desktop, cards on a phone, from the same DOM."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from reflex_components_core.react_router import ReactRouterLink

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import js_hook
from cube_demper.ui.filters import pager
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import error_state
from cube_demper.ui.query import toggle_sort
from cube_demper.ui.selection import PageCheckbox, RowCheckbox

Phase = Literal["loading", "ready", "error"]
_SKELETON_ROWS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: the name of its grid area in the card of a phone; letters only.
        title: the head.
        cell: makes the cell from the row's Var.
        width: of the column on a desktop, e.g. "110px"; "" takes the rest.
        align: numbers stand right.
        sort: the name of the sort in the address, where the column can be sorted.
        label: the small word above the value in a card; None: the title; "": no word.
        on_card: False hides the column on a phone.
        card_foot: in the card's last line, the label before the value («Мин. 32 000 ₸»).
        min_screen: 1100, 1280 or 1440: a desktop's narrower window hides the column.
    """

    key: str
    title: Text
    cell: Callable[[Any], rx.Component | rx.Var | str]
    width: str = ""
    align: Literal["left", "right"] = "left"
    sort: str | None = None
    label: Text | None = None
    on_card: bool = True
    card_foot: bool = False
    min_screen: int = 0


def _class(column: Column) -> str:
    names = [f"k-col-{column.align}"]
    if not column.on_card:
        names.append("k-off-card")
    if column.card_foot:
        names.append("k-card-foot")
    if column.min_screen:
        names.append(f"k-from-{column.min_screen}")
    return " ".join(names)


def _head_cell(column: Column, sort: rx.Var[str] | None) -> rx.Component:
    attributes: dict[str, Any] = {"style": {"width": column.width}} if column.width else {}
    if column.sort is None or sort is None:
        return rx.el.th(
            column.title, class_name=_class(column), scope="col", custom_attrs=attributes
        )
    down = sort == f"-{column.sort}"
    return rx.el.th(
        rx.el.button(
            column.title,
            rx.match(
                sort,
                (column.sort, rx.icon("arrow-up", size=12, aria_hidden="true")),
                (f"-{column.sort}", rx.icon("arrow-down", size=12, aria_hidden="true")),
                rx.icon("arrow-up-down", size=12, class_name="k-unsorted", aria_hidden="true"),
            ),
            type="button",
            on_click=toggle_sort(column.sort),
            class_name="k-sort",
        ),
        class_name=_class(column),
        scope="col",
        custom_attrs={
            **attributes,
            "aria-sort": rx.cond(
                sort == column.sort, "ascending", rx.cond(down, "descending", "none")
            ),
        },
    )


def _area(column: Column) -> dict[str, Any]:
    """Place a cell in the card. A plain style: Reflex's own would be a rule per cell."""
    return {"style": {"gridArea": column.key}}


def _cell(column: Column, row: Any) -> rx.Component:
    label = column.title if column.label is None else column.label
    return rx.el.td(
        column.cell(row),
        class_name=_class(column),
        custom_attrs={"data-l": label, **_area(column)},
    )


def _check_cell(row: Any, name: Callable[[Any], Any]) -> rx.Component:
    return rx.el.td(
        RowCheckbox.create(row_id=row.id, label=name(row)),
        class_name="k-col-check",
    )


def _skeleton(columns: Sequence[Column], *, selectable: bool) -> list[rx.Component]:
    """Make gray bars where rows will be; their widths differ by line so that it looks like text."""
    check = [rx.el.td(class_name="k-col-check")] * selectable
    return [
        rx.el.tr(
            *check,
            *(
                rx.el.td(
                    rx.el.span(class_name=f"k-bone k-w{line % 4}"),
                    class_name=_class(column),
                    custom_attrs=_area(column),
                )
                for column in columns
            ),
            aria_hidden="true",
        )
        for line in range(_SKELETON_ROWS)
    ]


def data_table(
    rows: rx.Var[list[Any]],
    columns: Sequence[Column],
    *,
    label: Text,
    phase: rx.Var[str],
    card: str,
    card_columns: str = "1fr 1fr auto",
    total: rx.Var[int] | None = None,
    page: rx.Var[int] | None = None,
    page_size: int = 50,
    sort: rx.Var[str] | None = None,
    row_name: Callable[[Any], Any] | None = None,
    row_tone: Callable[[Any], Any] | None = None,
    tools: rx.Component | None = None,
    selection: rx.Component | None = None,
    empty: rx.Component | None = None,
    on_retry: Any = None,
    error_text: Text | None = None,
) -> rx.Component:
    """Show a list with everything that belongs to it; see the pieces in `filters` and `selection`.

    Args:
        rows: view models with an `id: str`.
        columns: left to right.
        label: what the table is, for screen readers.
        phase: "loading" (skeleton, or the old rows dimmed), "ready" or "error".
        card: `grid-template-areas` of a row on a phone, e.g. '"name name bot" "price rival place"'.
        card_columns: `grid-template-columns` of that card.
        total: how many rows the filter finds; gives the pager, with `page`.
        page: the page shown, from 1.
        page_size: rows a page.
        sort: the sort in effect ("price", "-price"); gives sort heads.
        row_name: makes the row's checkbox with this name; with `selection`.
        row_tone: `data-tone` of the row ("amber", "red", "").
        tools: the `filter_bar`.
        selection: the `selection_bar`.
        empty: what to show when there is nothing: `empty_state`.
        on_retry: the handler of «Повторить» after an error.
        error_text: what went wrong, in a sentence.
    """
    body = _body(rows, columns, phase, row_name, row_tone)
    table = rx.el.table(
        rx.el.caption(label, class_name="k-unseen"),
        rx.el.thead(rx.el.tr(*_heads(rows, columns, sort, selectable=row_name is not None))),
        rx.el.tbody(body),
        class_name="k-table",
        custom_attrs={"style": {"--areas": card, "--card-columns": card_columns}},
        aria_busy=phase == "loading",
    )
    return rx.el.div(
        tools if tools is not None else rx.fragment(),
        selection if selection is not None else rx.fragment(),
        rx.match(
            phase,
            ("error", error_state(error_text, on_retry=on_retry)),
            ("ready", rx.cond(rows.length() == 0, empty or rx.fragment(), table)),
            table,
        ),
        pager(total, page, page_size) if total is not None and page is not None else rx.fragment(),
        class_name="k-card k-list",
    )


def _body(
    rows: rx.Var[list[Any]],
    columns: Sequence[Column],
    phase: rx.Var[str],
    row_name: Callable[[Any], Any] | None,
    row_tone: Callable[[Any], Any] | None,
) -> rx.Component:
    """Make the rows, or gray ones while the first are on their way."""

    def row(item: Any) -> rx.Component:
        check = [_check_cell(item, row_name)] if row_name is not None else []
        tone = {"data-tone": row_tone(item)} if row_tone is not None else {}
        return rx.el.tr(*check, *(_cell(c, item) for c in columns), key=item.id, custom_attrs=tone)

    shown = js_hook("gradual", "useGradually", "shownRows", rows.length()).to(int)
    return rx.cond(
        (phase == "loading") & (rows.length() == 0),
        rx.fragment(*_skeleton(columns, selectable=row_name is not None)),
        rx.foreach(rows[:shown], row),  # type: ignore[index] # a Var of a list is one
    )


def row_link(text: rx.Var[str], href: Any) -> rx.Component:
    """Lead from a row to its page, two lines at most; lighter than `text_link` where there are many."""
    return ReactRouterLink.create(
        text, to=href, title=text, class_name="k-clip k-strong k-row-link"
    )


def opener(text: Any, note: Any, on_click: Any) -> rx.Component:
    """Show a name that opens its row's panel, with a quiet line under it."""
    return two_lines(
        rx.el.button(text, type="button", on_click=on_click, class_name="k-link k-strong"), note
    )


def two_lines(value: Any, under: Any) -> rx.Component:
    """Show a value with something quiet under it."""
    return rx.el.span(
        rx.el.span(value, class_name="k-value"),
        rx.el.span(under, class_name="k-under"),
        class_name="k-two",
    )


def whole_lines(value: Any, under: Any) -> rx.Component:
    """Show the same with nothing cut off: what a person copies or must read to its end."""
    return rx.el.span(
        rx.el.span(value), rx.el.span(under, class_name="k-note"), class_name="k-lines"
    )


def picture(url: rx.Var[str]) -> rx.Component:
    """Show a goods' picture 36 px wide, a gray square while there is none."""
    return rx.cond(
        url,
        rx.el.img(src=url, alt="", loading="lazy", width="36", height="36", class_name="k-picture"),
        rx.el.span(rx.icon("package", size=16, aria_hidden="true"), class_name="k-picture"),
    )


def _heads(
    rows: rx.Var[list[Any]],
    columns: Sequence[Column],
    sort: rx.Var[str] | None,
    *,
    selectable: bool,
) -> list[rx.Component]:
    heads = [_head_cell(column, sort) for column in columns]
    if not selectable:
        return heads
    ids = rows.map(lambda item: item.id)
    box = PageCheckbox.create(ids=ids, label=tr("Выбрать все строки на странице"))
    return [rx.el.th(box, class_name="k-col-check", scope="col"), *heads]
