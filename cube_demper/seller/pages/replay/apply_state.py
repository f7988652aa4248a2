"""Applying a replayed rule to the goods of its store: asked first in numbers, taken back for an hour."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound
from cube_demper.core.ids import read_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import (
    Bound,
    BoundChange,
    BulkChange,
    StepChange,
    StrategyChange,
)
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab, Selection
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.domain.replay import service as replays
from cube_demper.domain.replay.schemas import RunView
from cube_demper.domain.stores import service as stores
from cube_demper.seller.pages.product.replay.reading import preview_of
from cube_demper.seller.pages.products.words import of_goods, refusal_lines
from cube_demper.seller.pages.replay.rule import rival_words, rule_words
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded


@dataclass
class Question:
    """What applying the rule to all goods of the store does."""

    run_id: str = ""
    title: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rivalry:
    """A store's rules of rivals."""

    store_id: UUID
    filters: RivalFilters
    delivery: str | None
    excluded: tuple[str, ...]


class ApplyRuleState(rx.State):
    """The question and what follows a yes."""

    question: Question = Question()
    is_busy: bool = False
    _before: Rivalry | None = None

    @guarded(Role.USER)
    async def ask(self, run_id: str) -> None:
        """Say at how many goods the rule changes something."""
        actor = session.current_actor()
        services = bootstrap.web()
        async with services.db.read() as tx:
            run = await _run_of(tx, actor, run_id)
            lines = await _lines(tx, actor, run, services.clock.now())
        self.question = Question(run_id, f"Применить: {', '.join(rule_words(run.rule))}?", lines)

    @guarded(Role.USER)
    async def apply(self) -> Any:
        """Make the rule the terms of the goods that were replayed."""
        self.is_busy = True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            run = await _run_of(tx, actor, self.question.run_id)
            undo_ids = await _apply(tx, actor, run)
            self._before = await _apply_rivals(tx, actor, run)
        self.question, self.is_busy = Question(), False
        if undo_ids is None:
            yield toasts.done("Правило применено. Бот проверит товар с ним")
        elif undo_ids or self._before:
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
            if self._before is not None:
                await _put_rivals(tx, actor, self._before)
        self._before = None
        return toasts.done("Вернули как было")

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question, self.is_busy = Question(), False


def changes_of(rule: dict[str, object]) -> list[BulkChange]:
    """Return a rule as bulk changes."""
    found: list[BulkChange] = [*replays.store_rule_from_json(rule).bound_changes]
    strategy, top_n, step = rule.get("strategy"), rule.get("top_n"), rule.get("step")
    if isinstance(strategy, str):
        found.append(StrategyChange(strategy, top_n if isinstance(top_n, int) else None))
    if isinstance(step, int):
        found.append(StepChange(step))
    return found


async def _lines(tx: ReadTx, actor: Actor, run: RunView, now: datetime) -> list[str]:
    """Say what the rule changes: of one product each term, of many how many goods."""
    if _is_of_one(run):
        changes = await preview_of(tx, actor, _one(run), replays.rule_from_json(run.rule))
        return [f"{name}: {words}" for name, words in changes]
    lines = []
    for change in changes_of(run.rule):
        report = await catalog.preview_bulk(tx, actor, _goods(run), change, now)
        lines.append(f"{_name(change)}: изменится у {of_goods(report.changed)}")
        lines += refusal_lines(report)
    if rivals := rival_words(replays.store_rule_from_json(run.rule)):
        lines.append(f"Кого считать конкурентом в магазине «{run.store_name}»: {', '.join(rivals)}")
    return lines


async def _run_of(tx: ReadTx, actor: Actor, run_id: str) -> RunView:
    run = await replays.find_run(tx, actor, read_id(run_id))
    if run is None:
        raise NotFound("Такой проверки нет.")
    return run


async def _apply(tx: WriteTx, actor: Actor, run: RunView) -> list[str] | None:
    """Apply to the goods; return what takes it back, None where that is done by hand (one product)."""
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


async def _apply_rivals(tx: WriteTx, actor: Actor, run: RunView) -> Rivalry | None:
    """Make the store's rules of rivals those of the run; return the former, None when none changed."""
    rule = replays.store_rule_from_json(run.rule)
    if not rule.has_rivals:
        return None
    kept = await stores.bot_settings(tx, actor, run.store_id)
    before = Rivalry(
        run.store_id, kept.rival_filters, kept.delivery_filter, kept.excluded_merchant_ids
    )
    filters, delivery = rule.filters_over(before.filters), rule.delivery_over(before.delivery)
    wanted = Rivalry(run.store_id, filters, delivery, rule.excluded_over(before.excluded))
    if wanted == before:
        return None
    await _put_rivals(tx, actor, wanted)
    return before


async def _put_rivals(tx: WriteTx, actor: Actor, rivalry: Rivalry) -> None:
    kept = await stores.bot_settings(tx, actor, rivalry.store_id)
    wanted = replace(
        kept,
        rival_filters=rivalry.filters,
        delivery_filter=rivalry.delivery,
        excluded_merchant_ids=rivalry.excluded,
    )
    now = bootstrap.web().clock.now()
    await stores.change_bot_settings(tx, actor, rivalry.store_id, wanted, now)


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
    if isinstance(change, BoundChange):
        return "Мин. цена" if change.bound is Bound.MIN else "Макс. цена"
    return "Стратегия" if isinstance(change, StrategyChange) else "Шаг"
