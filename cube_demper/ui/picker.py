"""Choosing from a tree too big for the browser: typed and searched, or a level at a time."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr


class _TreePicker(rx.Component):
    library = library("picker")
    tag = "TreePicker"

    address: rx.Var[str]
    default_value: rx.Var[str]
    placeholder: rx.Var[str]
    name: rx.Var[str]
    texts: rx.Var[dict[str, Any]]
    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def tree_picker(
    name: str | rx.Var[str],
    address: str,
    *,
    texts: dict[str, Any],
    value: Text = "",
    placeholder: Text = "",
    error: rx.Var[str] | None = None,
    label: Text | None = None,
    on_pick: Any = None,
) -> rx.Component:
    """Make an input whose list comes from `address`: `?under=` a level, `?q=` a search.

    The answer's rows have `value` (a path with « > »), `name`, `above`, `note`, `parts` and
    `canBeTaken`; `isNear` and `isCut` say what they are. A form gets the text, chosen or typed.

    Args:
        name: the input's id and key in a form.
        address: the route.
        texts: `list` (its name), `near`, `nothing`: what is said of a search that found none.
        value: what is chosen now.
        placeholder: shown while there is nothing.
        error: the sentence under the field, if it has one.
        label: only where no visible label stands above.
        on_pick: handler of a value chosen, or typed and left; for a picker without a form.
    """
    said = {
        "waits": tr("Ищем…"),
        "failed": tr("Список не загрузился. Проверьте связь или введите название."),
        "cut": tr("Показаны первые, уточните запрос"),
        "opens": tr("открыть подкатегории, стрелка вправо"),
    }
    attributes: dict[str, Any] = {"aria-describedby": f"{name}-note"}
    if error is not None:
        attributes["aria-invalid"] = rx.cond(error, "true", "false")
    if label is not None:
        attributes = {"aria-label": label}
    handler = {} if on_pick is None else {"on_pick": on_pick}
    control = _TreePicker.create(
        address=address,
        default_value=value,
        placeholder=placeholder,
        id=name,
        name=name,
        texts=said | texts,
        custom_attrs=attributes,
        **handler,
    )
    return rx.el.span(control, class_name="k-input")
