"""Trying a rule on the page's product, and applying it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.replay.service import SPANS, rule_from_json
from cube_demper.domain.replay.terms import rule_to_json
from cube_demper.seller.pages.product.replay.figure import replay_figure
from cube_demper.seller.pages.product.replay.reading import (
    begin_run_of_one,
    preview_of,
    replay_at_once,
    rule_of,
)
from cube_demper.seller.pages.product.replay.words import ResultView, result_view
from cube_demper.seller.pages.products.address import product_of
from cube_demper.seller.pages.products.edit_state import change_product
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded


@dataclass
class RuleQuestion:
    """What applying the rule changes: «было → станет»."""

    is_open: bool = False
    numbers: list[tuple[str, str]] = field(default_factory=list)


class ReplayState(FormErrors, rx.State):
    """The panel «Проверить правило»."""

    days: str = "7"
    result: ResultView = ResultView()
    figure: go.Figure | None = None
    question: RuleQuestion = RuleQuestion()
    _rule: dict[str, Any] = {}

    @guarded(Role.USER)
    async def load(self) -> None:
        """Begin anew with the page's product."""
        self.result, self.question = ResultView(), RuleQuestion()
        self.figure, self.errors, self.is_busy, self._rule = None, {}, False, {}

    @guarded(Role.USER)
    async def choose(self, days: str) -> None:
        """Take another span for the next try."""
        self.days = days if days in {str(it) for it in SPANS} else "7"

    @guarded(Role.USER)
    async def check(self, form: dict[str, Any]) -> Any:
        """Play the rule of the form over the recorded market."""
        self.errors = {}
        self.is_busy = True
        yield
        actor, product_id = session.current_actor(), self._product()
        rule = await rule_of(actor, product_id, form)
        found = await replay_at_once(actor, product_id, rule, int(self.days))
        self._rule = rule_to_json(rule)
        self.is_busy = False
        if found is None:
            run_id = await begin_run_of_one(actor, product_id, rule, int(self.days))
            yield rx.redirect(f"/bot/replay?run={run_id}")
            return
        outcome, cost_price = found
        self.result, self.figure = result_view(outcome, cost_price), replay_figure(outcome)

    @guarded(Role.USER)
    async def ask(self) -> None:
        """Say what applying the rule changes."""
        rule = rule_from_json(self._rule)
        async with bootstrap.web().db.read() as tx:
            actor, product_id = session.current_actor(), self._product()
            numbers = await preview_of(tx, actor, product_id, rule)
        self.question = RuleQuestion(True, numbers)

    @guarded(Role.USER)
    async def apply(self) -> Any:
        """Keep the rule as the product's terms."""
        self.is_busy = True
        yield
        await change_product(str(self._product()), rule_from_json(self._rule))
        self.question, self.is_busy = RuleQuestion(), False
        yield toasts.done("Правило применено. Бот проверит товар с ним")

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question, self.is_busy = RuleQuestion(), False

    def _product(self) -> UUID:
        product_id = product_of(self.router.url)
        if product_id is None:
            raise NotFound("Товар не найден.")
        return product_id
