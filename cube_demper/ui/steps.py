"""A step of several on one page: said aloud when it changes, and the cursor is never left nowhere."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.browser import library


class _Step(rx.Component):
    library = library("focus")
    tag = "Step"

    now: rx.Var[str]


def step(*content: Any, now: rx.Var[str], class_name: str) -> rx.Component:
    """Show what the step `now` consists of; its `h2` gets the focus where the last step took it away."""
    return _Step.create(*content, now=now, class_name=class_name)
