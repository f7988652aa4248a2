"""A select in each row of a list: its choices are made when one comes to it, not for every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from cube_demper.ui.browser import library


class _RowSelect(rx.Component):
    library = library("row_select")
    tag = "RowSelect"

    value: rx.Var[str]
    words: rx.Var[str]
    options: rx.Var[list[list[str]]]
    label: rx.Var[str]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def row_select(
    value: rx.Var[str],
    words: rx.Var[str],
    options: Mapping[str, str],
    *,
    label: Any,
    on_change: Any,
) -> rx.Component:
    """Choose one of `options` (words by value); `words` of the value in effect, which may be none of them."""
    return _RowSelect.create(
        value=value,
        words=words,
        options=[[code, text] for code, text in options.items()],
        label=label,
        on_change=on_change,
    )
