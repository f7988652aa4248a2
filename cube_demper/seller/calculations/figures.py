"""Figures that an answer used: what, in force when, from where, how sure. The same table everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper.domain.calculations.papers import in_force
from cube_demper.domain.calculations.words import SURENESS
from cube_demper.domain.rates.figures import Figure
from cube_demper.ui.i18n import tr
from cube_demper.ui.statuses import badge


@dataclass
class FigureRow:
    """One figure; `under`: its days, source and note; `mark` is empty for one that needs no caution."""

    name: str = ""
    value: str = ""
    under: str = ""
    mark: str = ""


def figure_rows(figures: Iterable[Figure], *, is_agreed: bool = False) -> list[FigureRow]:
    """Turn figures into lines, each once; those that the seller agreed to bear no mark."""
    rows = [
        FigureRow(
            name=it.name,
            value=it.value,
            under=" · ".join(text for text in (in_force(it), it.source, it.note) if text),
            mark="" if it.confidence.is_sure or is_agreed else SURENESS[it.confidence],
        )
        for it in figures
    ]
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def figure_list(rows: rx.Var[list[FigureRow]]) -> rx.Component:
    """List figures with their dates and sources; one that is not sure is marked in words."""
    return rx.el.ul(rx.foreach(rows, _figure), class_name="k-figures")


def _figure(item: Any) -> rx.Component:
    row: FigureRow = item
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name),
            rx.cond(row.mark != "", badge(row.mark, "amber", "triangle-alert")),
            rx.el.b(row.value, class_name="k-push"),
            class_name="k-figure-line",
        ),
        rx.el.div(row.under, class_name="k-note k-figure-under"),
    )


def unsure_notice(is_shown: rx.Var[bool]) -> rx.Component:
    """Say over an answer that a figure in it is below high confidence."""
    return rx.cond(
        is_shown,
        rx.el.p(
            rx.icon("triangle-alert", size=16, aria_hidden="true"),
            tr("Часть ставок не проверена до конца. Они отмечены ниже: сверьте их с источником."),
            class_name="k-unsure",
            role="status",
        ),
    )
