"""The form in which a seller says which column of an unknown layout is which."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.domain.economics.payouts.heads import NAMES, NEEDED, Field
from cube_demper.domain.economics.payouts.schemas import ReportView


@dataclass
class Choice:
    """One field of the form of columns; `value` is the heading that was guessed."""

    name: str = ""
    label: str = ""
    value: str = ""


def choices_of(view: ReportView) -> list[Choice]:
    """Return the form of columns with what is already known."""
    known = view.columns or {}
    return [
        Choice(it.value, NAMES[it] + (" *" if it in NEEDED else ""), known.get(it.value, ""))
        for it in Field
        if it not in (Field.CARD_FEE, Field.GUARANTEE, Field.TRAVEL, Field.REVIEW_BONUS, Field.TIME)
    ]


def options_of(view: ReportView) -> list[dict[str, str]]:
    """Return the headings of the file to choose from, each with a value."""
    headings = [
        {
            "value": it["name"],
            "label": f"{it['name']} — {it['sample']}" if it.get("sample") else it["name"],
        }
        for it in view.headings
    ]
    return [{"value": "", "label": "нет такого столбца"}, *headings]
