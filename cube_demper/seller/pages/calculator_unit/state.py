"""The form of scenarios: begun, counted, copied into a column, taken from a product or a kept one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.calculations import goods
from cube_demper.domain.calculations import service as calculations
from cube_demper.domain.calculations.schemas import Draft, Start
from cube_demper.domain.calculations.unit_papers import LETTERS
from cube_demper.models.calculations import CalculationKind
from cube_demper.seller.calculations.state import put
from cube_demper.seller.pages.calculator_unit.answer_state import UnitAnswerState
from cube_demper.seller.pages.calculator_unit.cases import (
    Case,
    blank,
    case_of,
    fields_of,
    lettered,
    missing,
    of_start,
    scenario_values,
    without,
)
from cube_demper.seller.pages.calculator_unit.counting import count_all
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads


class UnitState(FormErrors, PageMixin, rx.State):
    """What the form begins with; `version` changes when it must begin anew with other values."""

    letters: list[str] = ["A"]
    values: dict[str, str] = {}
    version: int = 0
    options: list[str] = []
    options_for: str = ""
    is_more_open: bool = False
    product: str = ""
    told: str = ""

    @loads(Role.USER)
    async def load(self) -> None:
        """Begin a form, or open the kept calculation or the product that the address names."""
        asked = self.router.url.query_parameters
        self.errors, self.options, self.options_for = {"form": ""}, [], ""
        self.product, self.told, self.is_more_open = "", "", False
        self._begin(["A"], lettered(blank(_today()), "A"))
        (await self.get_state(UnitAnswerState))._clear()  # noqa: SLF001 - parts of one page
        await put(self, None, saved_id="")
        if saved_id := find_id(asked.get("saved", "")):
            await self._open(saved_id)
        elif product_id := find_id(asked.get("product", "")):
            async with bootstrap.web().db.read() as tx:
                self._begin_from(await goods.start_from(tx, session.current_actor(), product_id))
        self.phase = "ready"

    @guarded(Role.USER)
    async def count(self, form: dict[str, Any]) -> None:
        """Count every scenario of the form."""
        self._remember(form)
        cases = [case_of(form, letter) for letter in self.letters]
        if await self._count(cases):
            title = self.product or " / ".join(cases[0].get("category", [])) or "Юнит-экономика"
            draft = Draft(CalculationKind.UNIT, title[:120], {"scenarios": cases})
            await put(self, draft)

    @guarded(Role.USER)
    async def copy(self, form: dict[str, Any]) -> None:
        """Copy a scenario as it is typed into a new column; `from` of the form is its letter."""
        self._remember(form)
        source = str(form.get("from") or "")
        if source in self.letters and len(self.letters) < len(LETTERS):
            letter = LETTERS[len(self.letters)]
            copied = lettered(scenario_values(self.values, source), letter)
            self._begin([*self.letters, letter], {**self.values, **copied})

    @guarded(Role.USER)
    async def drop(self, form: dict[str, Any]) -> None:
        """Take the column named by `from` away; those after it move up."""
        self._remember(form)
        dropped = str(form.get("from") or "")
        if dropped in self.letters and len(self.letters) > 1:
            kept = without(self.values, self.letters, dropped)
            self._begin(self.letters[:-1], kept)

    @guarded(Role.USER)
    async def pick(self, option: str) -> None:
        """Take one of the offered categories, in every column that has none that is known."""
        if option in self.options:
            for letter in self.options_for or "".join(self.letters):
                self.values = {**self.values, f"{letter}_category": option}
            self.options, self.options_for, self.errors = [], "", {"form": ""}
            self.version += 1

    async def _count(self, cases: list[Case]) -> bool:
        answer: Any = await self.get_state(UnitAnswerState)
        async with bootstrap.web().db.read() as tx:
            counted = await count_all(tx, session.current_actor(), cases)
        self.errors = {"form": "", **counted.errors}
        self.options, self.options_for = counted.options, counted.options_for
        self.is_more_open = self.is_more_open or counted.needs_more
        if counted.studies:
            answer._show(cases, counted.studies)  # noqa: SLF001 - parts of one page
        else:
            answer._clear()  # noqa: SLF001 - parts of one page
        return bool(counted.studies)

    async def _open(self, saved_id: UUID) -> None:
        async with bootstrap.web().db.read() as tx:
            saved = await calculations.get_kept(tx, session.current_actor(), saved_id)
        cases = [dict(it) for it in saved.input.get("scenarios", [])][: len(LETTERS)]
        if not cases:
            raise InvalidInput("Это расчёт другого калькулятора.")
        letters = list(LETTERS[: len(cases)])
        values: dict[str, str] = {}
        for letter, case in zip(letters, cases, strict=True):
            values |= fields_of(case, letter)
        self._begin(letters, values)
        if await self._count(cases):
            draft = Draft(CalculationKind.UNIT, saved.row.title, saved.input)
            await put(self, draft, saved_id=str(saved_id))

    def _begin_from(self, start: Start) -> None:
        """Put a product into every column and say what it does not know."""
        self._fill(of_start(start), start.good.name, start.options)
        self.told = missing(start)

    def _fill(self, fields: Mapping[str, str], name: str, options: Sequence[str] = ()) -> None:
        """Put what a product knows into every column."""
        values = dict(self.values)
        for letter in self.letters:
            values |= lettered(fields, letter)
        self._begin(self.letters, values)
        self.product, self.errors = name, {"form": ""}
        self.options, self.options_for = list(options), ""

    def _remember(self, form: dict[str, Any]) -> None:
        self.values = {
            name: "on" if it is True else "" if it is False else str(it or "")
            for name, it in form.items()
            if name[:2] in {f"{letter}_" for letter in self.letters}
        }

    def _begin(self, letters: list[str], values: dict[str, str]) -> None:
        self.letters, self.values = letters, values
        self.version += 1


def _today() -> str:
    return bootstrap.web().clock.now().astimezone(ALMATY).date().isoformat()
