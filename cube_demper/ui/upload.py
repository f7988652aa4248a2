"""Sending a file: a box to drop it on, its progress, and a refusal in words in the same place."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library


class UploadBox(rx.Component):
    """Sends a file to a route of ours that answers 201 with its `id`, and tells that to `on_done`."""

    library = library("upload")
    tag = "UploadBox"

    to: rx.Var[str]
    accept: rx.Var[str]
    most_bytes: rx.Var[int]
    title: rx.Var[str]
    help: rx.Var[str]
    too_big: rx.Var[str]
    on_done: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def progress_bar(percent: rx.Var[int], label: Text) -> rx.Component:
    """Show how far long work has come."""
    return rx.el.div(
        rx.el.div(
            style={
                "height": "100%",
                "width": percent.to_string() + "%",
                "background": "var(--accent-9)",
            }
        ),
        class_name="k-meter-bar",
        role="progressbar",
        custom_attrs={
            "aria-label": label,
            "aria-valuenow": percent,
            "aria-valuemin": 0,
            "aria-valuemax": 100,
        },
    )
