"""A question before a deed: what will happen, in numbers, and the button that does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.layout import fact_list


@dataclass
class Question:
    """What is asked; `deed` is what the handler of «yes» does, to the row `id`."""

    deed: str = ""
    id: str = ""
    title: str = ""
    text: str = ""
    confirm: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def question_dialog(
    it: Any, *, on_confirm: Any, on_close: Any, busy: Any = False, danger: bool = False
) -> rx.Component:
    """Ask a Question of a state; open while it has a deed."""
    return confirm_dialog(
        it.deed != "",
        title=it.title,
        text=it.text,
        confirm=it.confirm,
        on_confirm=on_confirm,
        on_close=on_close,
        numbers=rx.cond(it.facts.length() > 0, fact_list(it.facts)),
        danger=danger,
        busy=busy,
    )
