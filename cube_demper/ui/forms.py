"""Forms: field, inputs, money, select, switch. Label above, help below, the error in its place.

A field is found by its `name`: the input's id, the key in the submitted form and in the `errors` of
`guards.FormErrors`, so `error=State.errors["email"]` is all that a field needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr

Options = Sequence[tuple[str, Text]]


def form_field(
    label: Text,
    control: rx.Component,
    *,
    name: str,
    help: Text | None = None,  # noqa: A002 - the word of UI.md
    error: rx.Var[str] | None = None,
) -> rx.Component:
    """Put a label above a control and help, or else the error, under it."""
    helped = rx.el.span(help) if help is not None else rx.fragment()
    note: rx.Component = helped
    if error is not None:
        wrong = rx.el.span(
            rx.icon("circle-alert", size=14, aria_hidden="true"), error, class_name="k-wrong"
        )
        note = rx.cond(error, wrong, helped)
    return rx.el.div(
        rx.el.label(label, html_for=name),
        control,
        rx.el.div(note, id=f"{name}-note", class_name="k-field-note", role="status"),
        class_name="k-field",
    )


def _common(name: str, error: rx.Var[str] | None, label: Text | None) -> dict[str, Any]:
    props: dict[str, Any] = {"id": name, "name": name}
    attributes: dict[str, Any] = {"aria-describedby": f"{name}-note"}
    if error is not None:
        attributes["aria-invalid"] = rx.cond(error, "true", "false")
    if label is not None:
        attributes["aria-label"] = label
    return {**props, "custom_attrs": attributes}


def _with_unit(control: rx.Component, unit: Text | None) -> rx.Component:
    if unit is None:
        return rx.el.span(control, class_name="k-input")
    shown = rx.el.span(unit, class_name="k-unit", aria_hidden="true")
    return rx.el.span(control, shown, class_name="k-input k-has-unit")


def text_input(
    name: str,
    *,
    error: rx.Var[str] | None = None,
    label: Text | None = None,
    unit: Text | None = None,
    **props: Any,
) -> rx.Component:
    """Make a text input; `props` are those of an HTML input (value, on_change, type, placeholder).

    Pass `label` only where no visible label stands above.
    """
    return _with_unit(rx.el.input(**_common(name, error, label), **props), unit)


def text_area(
    name: str,
    *,
    error: rx.Var[str] | None = None,
    label: Text | None = None,
    debounce: int | None = None,
    **props: Any,
) -> rx.Component:
    """Make an input of several lines that grows with its text (value, on_change, rows).

    `debounce`: ms of quiet after which `on_change` tells; until then the browser alone has the text.
    """
    area = rx.el.textarea(**_common(name, error, label), **props)
    if debounce is not None:  # React's own `value` would take back what the server has not heard
        area = rx.debounce_input(area, debounce_timeout=debounce)
    return rx.el.span(area, class_name="k-input k-area")


class _MoneyInput(rx.Component):
    library = library("money")
    tag = "MoneyInput"

    default_value: rx.Var[str]
    placeholder: rx.Var[str]
    disabled: rx.Var[bool]
    name: rx.Var[str]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def money_input(
    name: str,
    *,
    value: Text = "",
    error: rx.Var[str] | None = None,
    label: Text | None = None,
    unit: Text = "₸",
    **props: Any,
) -> rx.Component:
    """Make an input of whole tenge that puts spaces as one types («12 990»).

    `value` is text (tenge, with or without spaces); a form gets text back: `money.parse_tenge` reads it.
    """
    control = _MoneyInput.create(default_value=value, **_common(name, error, label), **props)
    return _with_unit(control, unit)


def select(
    name: str,
    options: Options | rx.Var[list[dict[str, str]]],
    *,
    error: rx.Var[str] | None = None,
    label: Text | None = None,
    **props: Any,
) -> rx.Component:
    """Make the browser's own select (best on a phone). A Var of options has `value` and `label`."""
    if isinstance(options, rx.Var):
        items = rx.foreach(options, lambda o: rx.el.option(o["label"], value=o["value"]))
        children: list[Any] = [items]
    else:
        children = [rx.el.option(text, value=value) for value, text in options]
    return rx.el.span(
        rx.el.select(*children, **_common(name, error, label), **props),
        rx.icon("chevron-down", size=16, aria_hidden="true"),
        class_name="k-input k-select",
    )


def password_input(name: str, *, error: rx.Var[str] | None = None, **props: Any) -> rx.Component:
    """Make a password input with a button that shows what is typed."""
    return rx.el.span(
        rx.el.input(type="password", **_common(name, error, None), **props),
        _Reveal.create(
            rx.icon("eye", size=16, aria_hidden="true"),
            rx.icon("eye-off", size=16, aria_hidden="true"),
            show=tr("Показать пароль"),
            hide=tr("Скрыть пароль"),
        ),
        class_name="k-input k-has-button",
    )


class _Reveal(rx.Component):
    library = library("forms")
    tag = "Reveal"

    show: rx.Var[str]
    hide: rx.Var[str]


def checkbox(name: str, text: Text | rx.Component, **props: Any) -> rx.Component:
    """Make a checkbox with its text at the right."""
    return rx.el.label(
        rx.el.input(type="checkbox", id=name, name=name, class_name="k-check", **props),
        rx.el.span(text),
        class_name="k-checkline",
    )


def switch(
    checked: rx.Var[bool] | bool,
    label: Text,
    *,
    on_change: Any,
    words: Text | rx.Component | None = None,
    tone: Text = "accent",
    disabled: rx.Var[bool] | bool = False,
) -> rx.Component:
    """Make a switch. `on_change` takes the wished bool; `words` say the state beside it.

    `label` names the thing for screen readers. `tone`: accent, or amber for «on, but needs you».
    """
    return rx.el.span(
        rx.el.input(
            type="checkbox",
            role="switch",
            checked=checked,
            disabled=disabled,
            on_change=on_change,
            class_name="k-switch",
            custom_attrs={"aria-label": label, "data-tone": tone},
        ),
        rx.el.span(words, class_name="k-switch-words", custom_attrs={"data-tone": tone})
        if words is not None
        else rx.fragment(),
        class_name="k-switchline",
    )


def form(*children: Any, on_submit: Any, error: rx.Var[str] | None = None) -> rx.Component:
    """Make a form; `on_submit` gets a dict by names; `error` is the sentence for the whole form."""
    wrong = rx.fragment()
    if error is not None:
        wrong = rx.cond(error, rx.el.p(error, class_name="k-form-error", role="alert"))
    return rx.form(*children, wrong, on_submit=on_submit, class_name="k-form", no_validate=True)


def segmented(
    options: Options, chosen: rx.Var[str], on_choose: Any, *, label: Text
) -> rx.Component:
    """Choose one of two to four («Сутки · 3 дня · 30 дней»). `on_choose(value)` returns an event."""
    return rx.el.div(
        *(
            rx.el.button(
                text,
                type="button",
                on_click=on_choose(value),
                aria_pressed=chosen == value,
            )
            for value, text in options
        ),
        class_name="k-segmented",
        role="group",
        aria_label=label,
    )
