"""The answer: scenarios side by side, and everything about the chosen one."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.calculations import service as calculations
from cube_demper.domain.calculations.unit_papers import LETTERS
from cube_demper.domain.economics.study import Study
from cube_demper.seller.pages.calculator_unit.figure import (
    sensitivity,
    sensitivity_words,
    waterfall,
    waterfall_words,
)
from cube_demper.seller.pages.calculator_unit.rows import Detail, SideRow, detail_of, sides
from cube_demper.ui import session
from cube_demper.ui.charts import new_figure
from cube_demper.ui.guards import guarded


class UnitAnswerState(rx.State):
    """What came out; `letters` is empty while there is nothing."""

    letters: list[str] = []
    rows: list[SideRow] = []
    detail: Detail = Detail()
    fall: go.Figure = new_figure()
    fall_words: str = ""
    curve: go.Figure = new_figure()
    curve_words: str = ""
    _asked: list[dict[str, Any]] = []

    @guarded(Role.USER)
    async def choose(self, letter: str) -> None:
        """Show everything about another scenario."""
        if letter in self.letters:
            asked = copy.deepcopy(self._asked)  # without Reflex's wrappers, which are no lists
            async with bootstrap.web().db.read() as tx:
                actor = session.current_actor()
                studies = await calculations.study_unit(tx, actor, asked)
            self._show_one(studies, letter)

    def _clear(self) -> None:
        self.letters, self.rows, self.detail = [], [], Detail()
        self.fall_words = self.curve_words = ""
        self._asked = []

    def _show(self, asked: list[dict[str, Any]], studies: Sequence[Study]) -> None:
        self._asked = asked
        self.letters = list(LETTERS[: len(studies)])
        self.rows = sides(studies)
        kept = self.detail.letter if self.detail.letter in self.letters else LETTERS[0]
        self._show_one(studies, kept)

    def _show_one(self, studies: Sequence[Study], letter: str) -> None:
        study = studies[self.letters.index(letter)]
        self.detail = detail_of(study, letter)
        self.fall, self.fall_words = waterfall(study), waterfall_words(study)
        self.curve, self.curve_words = sensitivity(study), sensitivity_words(study)
