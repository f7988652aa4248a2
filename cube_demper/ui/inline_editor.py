"""A value that is edited where it stands: Enter saves, Esc returns, the outcome is shown in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from cube_demper.core.errors import CubeError
from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library
from cube_demper.ui.i18n import tr


@dataclass
class EditOutcome:
    """What became of the last save of one cell; `turn` tells one save from the next."""

    turn: int = 0
    error: str = ""


class EditsMixin(rx.State, mixin=True):
    """Outcomes of inline edits by cell key, such as `"<product id>:min_price"`."""

    edits: dict[str, EditOutcome] = {}  # noqa: RUF012 - a Reflex var, copied per state

    def _saved(self, key: str) -> None:
        """Say that a cell's new value is kept."""
        self._conclude(key, "")

    def _refused(self, key: str, error: CubeError) -> None:
        """Say why a cell's new value is not kept; the editor stays open with the sentence."""
        self._conclude(key, error.message)

    def _conclude(self, key: str, error: str) -> None:
        turn = self.edits[key].turn + 1 if key in self.edits else 1
        self.edits = {**self.edits, key: EditOutcome(turn, error)}


class _InlineEditor(rx.Component):
    library = library("inline_editor")
    tag = "InlineEditor"

    value: rx.Var[str]
    label: rx.Var[str]
    kind: rx.Var[str]
    unit: rx.Var[str]
    placeholder: rx.Var[str]
    outcome: rx.Var[EditOutcome]
    optional: rx.Var[bool]
    disabled: rx.Var[bool]
    hint: rx.Var[str]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_type: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def inline_editor(
    value: Text,
    *,
    label: Text,
    outcome: rx.Var[Any],
    on_save: Any,
    kind: Literal["money", "number", "text"] = "money",
    unit: Text = "₸",
    placeholder: Text | None = None,
    optional: bool = False,
    disabled: rx.Var[bool] | bool = False,
    hint: Text | None = None,
    on_type: Any = None,
) -> rx.Component:
    """Show `value` (text without the unit) as a button that becomes an input.

    Args:
        value: what is kept now, as shown («12 990»); empty shows `placeholder` as an invitation.
        label: what it is, with the row's name, for screen readers.
        outcome: `State.edits[key]` of `EditsMixin`.
        on_save: handler of the new text, e.g. `lambda text: State.save_min(row.id, text)`.
        kind: money and number open the digits keyboard; money puts spaces as one types.
        unit: shown after the value.
        placeholder: the invitation shown while there is no value («Задать»).
        optional: no value is fine: the invitation is quiet.
        disabled: shown, not to be edited.
        hint: what the value being typed means, shown under it.
        on_type: handler of the text while it is typed (debounce it), which makes the hint.
    """
    more = {} if on_type is None else {"hint": hint, "on_type": on_type}
    return _InlineEditor.create(
        value=value,
        label=label,
        kind=kind,
        unit=unit,
        placeholder=tr("Задать") if placeholder is None else placeholder,
        outcome=outcome,
        optional=optional,
        disabled=disabled,
        on_save=on_save,
        **more,
    )
