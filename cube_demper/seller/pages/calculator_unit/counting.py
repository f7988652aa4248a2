"""Counting the scenarios of the form: each mistake to its own field, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.calculations import service as calculations
from cube_demper.domain.calculations.unit_papers import LETTERS
from cube_demper.domain.calculators.reading import WrongCase
from cube_demper.domain.economics.study import Study
from cube_demper.domain.rates.errors import NoRate
from cube_demper.seller.calculations.fields import mistakes
from cube_demper.seller.pages.calculator_unit.cases import MAIN, Case, refusal


@dataclass
class Counted:
    """What came out: studies of all scenarios, or what is wrong with some of them."""

    studies: Sequence[Study] = ()
    errors: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    options_for: str = ""

    @property
    def needs_more(self) -> bool:
        """Tell whether a mistake is among the fields that are not always in sight."""
        return any(name[2:] not in MAIN for name in self.errors if name[1:2] == "_")


async def count_all(tx: ReadTx, actor: Actor, cases: Sequence[Case]) -> Counted:
    """Study every scenario; nothing is counted while one of them is wrong."""
    counted = Counted()
    studies: list[Study] = []
    for letter, case in zip(LETTERS, cases, strict=False):
        try:
            studies += await calculations.study_unit(tx, actor, [case])
        except WrongCase as refused:
            found = mistakes(refused, {"category.str": "category"})
            counted.errors |= {
                f"{letter}_{name}" if name != "form" else "form": words
                for name, words in found.items()
                if words
            }
        except (InvalidInput, NoRate) as error:
            name, words = refusal(error)
            counted.errors[f"{letter}_{name}"] = words
            if isinstance(error, NoRate) and error.options:
                counted.options = list(error.options[:8])
                counted.options_for += letter
    counted.studies = () if counted.errors else studies
    return counted
