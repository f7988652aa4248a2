"""The card of first steps."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.overview.steps import StepRow, StepsState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card


def steps_card() -> rx.Component:
    """Show the steps until the first price change; only the next one has a button."""
    return rx.cond(
        StepsState.steps.length() > 0,
        card(
            rx.el.ol(rx.foreach(StepsState.steps, _step), class_name="k-lines-list"),
            title=rx.cond(
                StepsState.is_complete,
                tr("Первая цена на витрине"),
                tr("До первой цены на витрине"),
            ),
            note=StepsState.done,
            action=rx.cond(
                StepsState.is_complete,
                button(tr("Убрать список"), size="s", icon="check", on_click=StepsState.close),
            ),
            label=tr("Первые шаги"),
            flush=True,
        ),
    )


def _step(item: Any) -> rx.Component:
    step: StepRow = item
    return rx.el.li(
        rx.el.span(
            rx.cond(
                step.is_done,
                rx.icon("check", size=16, aria_label=tr("Готово")),
                rx.icon("circle", size=16, aria_hidden="true"),
            ),
            class_name="k-task-sign",
            custom_attrs={
                "data-tone": rx.cond(step.is_done, "green", rx.cond(step.is_next, "blue", "gray"))
            },
        ),
        rx.el.div(
            rx.el.span(step.title, class_name=rx.cond(step.is_done, "k-second", "k-strong")),
            rx.cond(step.is_next, rx.el.span(step.text, class_name="k-second")),
            class_name="k-lines",
        ),
        rx.cond(step.is_next, link_button(step.verb, step.link, kind="primary")),
        class_name="k-task",
    )
