"""Reading what a replay of one product needs, and its rule as typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import format_tenge, parse_tenge
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import KEEP, TermsChange
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.replay import service as replays
from cube_demper.domain.replay.schemas import Outcome
from cube_demper.seller.pages.products.words import DELIVERY_FILTER_WORDS, STRATEGY_WORDS


async def replay_at_once(
    actor: Actor, product_id: UUID, rule: TermsChange, days: int
) -> tuple[Outcome, int | None] | None:
    """Replay and return the outcome with the product's cost; None when that would take long."""
    services = bootstrap.web()
    now, kaspi = services.clock.now(), services.settings.kaspi
    async with services.db.read() as tx:
        looks = await replays.looks_to_replay(tx, actor, product_id, days, now)
        if looks > replays.MOST_AT_ONCE:
            return None
        view = await catalog.product_view(tx, actor, product_id)
        outcome = await replays.replay_product(
            tx,
            actor,
            product_id,
            rule,
            days=days,
            now=now,
            house=replays.House(kaspi.min_price_tenge, kaspi.max_fall_percent),
        )
    return outcome, view.cost_price


async def begin_run_of_one(actor: Actor, product_id: UUID, rule: TermsChange, days: int) -> UUID:
    """Have the worker replay a product whose market is too lively for the page to wait."""
    services = bootstrap.web()
    async with services.db.write() as tx:
        view = await catalog.product_view(tx, actor, product_id)
        return await replays.begin_run(
            tx,
            actor,
            view.row.store_id,
            rule,
            product_ids=[product_id],
            days=days,
            now=services.clock.now(),
        )


async def preview_of(
    tx: ReadTx, actor: Actor, product_id: UUID, rule: TermsChange
) -> list[tuple[str, str]]:
    """Say what of the product's terms the rule changes: (name, «было → станет»)."""
    view = await catalog.product_view(tx, actor, product_id)
    row, given = view.row, rule.given()
    step = row.step if row.is_step_own else None
    shown = (
        ("Мин. цена", "min_price", row.min_price, format_tenge),
        ("Макс. цена", "max_price", row.max_price, format_tenge),
        ("Шаг", "step", step, lambda it: "как у магазина" if it is None else format_tenge(it)),
        ("Стратегия", "strategy", row.strategy, lambda it: STRATEGY_WORDS.get(it, it)),
        ("Место «В топе»", "top_n", row.top_n, str),
        (
            "Срок доставки",
            "delivery_filter",
            view.delivery_filter,
            lambda it: DELIVERY_FILTER_WORDS.get(it or "", "любой"),
        ),
    )
    return [
        (name, f"{words(old)} → {words(given[key])}")
        for name, key, old, words in shown
        if key in given and given[key] != old
    ]


async def rule_of(actor: Actor, product_id: UUID, form: dict[str, Any]) -> TermsChange:
    """Read the form; a wished profit becomes the min. price that leaves it.

    Raises InvalidInput, naming the field.
    """
    rule, profit = read_rule(form), _money(form, "try_profit", "min_profit")
    if profit is None:
        return rule
    services = bootstrap.web()
    async with services.db.read() as tx:
        floor = await shop.price_leaving(tx, actor, product_id, profit, services.clock.now())
    known = rule.min_price if isinstance(rule.min_price, int) else 0
    return replace(rule, min_price=max(known, floor))


def read_rule(form: dict[str, Any]) -> TermsChange:
    """Read the form of one product. Raises InvalidInput, naming the field."""
    strategy = str(form.get("try_strategy", ""))
    return TermsChange(
        min_price=_money(form, "try_min", "min_price"),
        max_price=_money(form, "try_max", "max_price"),
        step=_money(form, "try_step", "step"),
        strategy=strategy,
        top_n=_place(form) if strategy == "stay_top_n" else KEEP,
        delivery_filter=str(form.get("try_delivery", "")) or None,
    )


def _place(form: dict[str, Any]) -> int:
    text = str(form.get("try_top_n") or "").strip()
    if not text.isdecimal() or len(text) > 3:
        raise InvalidInput("Введите целое число.", field="top_n")
    return int(text)


def _money(form: dict[str, Any], name: str, field: str) -> int | None:
    text = str(form.get(name) or "").strip()
    return parse_tenge(text, field=field) if text else None
