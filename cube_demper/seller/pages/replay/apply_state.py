"""Applying a replayed rule to the goods of its store: asked first in numbers, taken back for an hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound
from cube_demper.core.ids import read_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import BulkChange, StepChange, StrategyChange
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab, Selection
from cube_demper.domain.replay import service as replays
from cube_demper.domain.replay.schemas import RunView
from cube_demper.seller.pages.product.replay.reading import preview_of
from cube_demper.seller.pages.products.words import of_goods, refusal_lines
from cube_demper.seller.pages.replay.rows import rule_words
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded


@dataclass
class Question:
    """What applying the rule to all goods of the store does."""

    run_id: str = ""
    title: str = ""
    lines: list[str] = field(default_factory=list)


class ApplyRuleState(rx.State):
    """The question and what follows a yes."""

    question: Question = Question()
    is_busy: bool = False

    @guarded(Role.USER)
    async def ask(self, run_id: str) -> None:
        """Say at how many goods the rule changes something."""
        actor = session.current_actor()
        async with bootstrap.web().db.read() as tx:
            run = await replays.find_run(tx, actor, read_id(run_id))
            if run is None:
                raise NotFound("Такой проверки нет.")
            lines = await _lines(tx, actor, run)
        self.question = Question(run_id, f"Применить: {', '.join(rule_words(run.rule))}?", lines)

    @guarded(Role.USER)
    async def apply(self) -> Any:
        """Make the rule the terms of the goods that were replayed."""
        self.is_busy = True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            undo_ids = await _apply(tx, actor, read_id(self.question.run_id))
        self.question, self.is_busy = Question(), False
        if undo_ids is None:
            yield toasts.done("Правило применено. Бот проверит товар с ним")
        elif undo_ids:
            yield toasts.undo("Правило применено", ApplyRuleState.undo(undo_ids))
        else:
            yield toasts.told("Товары уже работают по этому правилу")

    @guarded(Role.USER)
    async def undo(self, undo_ids: list[str]) -> Any:
        """Give the goods their former terms."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            for undo_id in undo_ids:
                await catalog.undo(tx, actor, read_id(undo_id), services.clock.now())
        return toasts.done("Вернули как было")

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question, self.is_busy = Question(), False


def changes_of(rule: dict[str, object]) -> list[BulkChange]:
    """Return a rule as bulk changes."""
    found: list[BulkChange] = []
    strategy, top_n, step = rule.get("strategy"), rule.get("top_n"), rule.get("step")
    if isinstance(strategy, str):
        found.append(StrategyChange(strategy, top_n if isinstance(top_n, int) else None))
    if isinstance(step, int):
        found.append(StepChange(step))
    return found


async def _lines(tx: ReadTx, actor: Actor, run: RunView) -> list[str]:
    """Say what the rule changes: of one product each term, of many how many goods."""
    if _is_of_one(run):
        changes = await preview_of(tx, actor, _one(run), replays.rule_from_json(run.rule))
        return [f"{name}: {words}" for name, words in changes]
    lines = []
    for change in changes_of(run.rule):
        report = await catalog.preview_bulk(tx, actor, _goods(run), change)
        lines.append(f"{_name(change)}: изменится у {of_goods(report.changed)}")
        lines += refusal_lines(report)
    return lines


async def _apply(tx: WriteTx, actor: Actor, run_id: UUID) -> list[str] | None:
    """Apply; return what takes it back, None where that is done by hand (one product)."""
    run = await replays.find_run(tx, actor, run_id)
    if run is None:
        raise NotFound("Такой проверки нет.")
    now = bootstrap.web().clock.now()
    if _is_of_one(run):
        rule = replays.rule_from_json(run.rule)
        await catalog.change_terms(tx, actor, _one(run), rule, now)
        return None
    reports = [
        await catalog.bulk_change(tx, actor, _goods(run), change, now)
        for change in changes_of(run.rule)
    ]
    return [str(report.undo_id) for report in reversed(reports) if report.undo_id]


def _is_of_one(run: RunView) -> bool:
    return run.product_ids is not None and len(run.product_ids) == 1


def _one(run: RunView) -> UUID:
    (product_id,) = run.product_ids or ()
    return product_id


def _goods(run: RunView) -> Selection:
    """Return the very goods that were replayed."""
    if run.product_ids is not None:
        return Selection(ids=run.product_ids)
    return Selection(everything=ProductFilter(tab=ProductTab.BOT_ON, store_id=run.store_id))


def _name(change: BulkChange) -> str:
    return "Стратегия" if isinstance(change, StrategyChange) else "Шаг"
