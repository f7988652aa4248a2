"""Edits of one product: its terms, its cities, the exceptions a seller allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog import queries
from cube_demper.domain.catalog.edit_schemas import KEEP, TermsChange
from cube_demper.domain.catalog.errors import BotRefused, TermsChanged, TermsRefused
from cube_demper.domain.catalog.journal import announce, begin_anew, in_words
from cube_demper.domain.catalog.rules import terms_mark
from cube_demper.domain.pricing import checks
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.schemas import AllowedFall, RivalFilters
from cube_demper.models.catalog import Product
from cube_demper.models.staff import Area


async def change_terms(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    change: TermsChange,
    now: datetime,
    *,
    seen: str | None = None,
) -> None:
    """Change a product's bounds, step, strategy or filters.

    `seen`: the `rules.terms_mark` of what the seller had before their eyes, where all is saved at once.

    Raises:
        TermsChanged: the terms are not those that were `seen` any more.
        InvalidInput: a value is refused; `field` names it.
        ProductNotFound: there is none, or it is somebody else's.
    """
    product, _, _ = await queries.get_product(tx, actor, product_id, lock=True)
    if seen is not None and seen != terms_mark(product):
        raise TermsChanged
    columns = _columns(product, change)
    before = {name: getattr(product, name) for name in columns}
    if before == columns:
        return
    min_price = columns.get("min_price", product.min_price)
    max_price = columns.get("max_price", product.max_price)
    checks.check_bounds(min_price, max_price)
    keep_a_bound(product.bot_active, min_price, max_price)
    for name, value in columns.items():
        setattr(product, name, value)
    await flush(tx)
    await begin_anew(tx, actor, [product_id], now)
    details = {"old": before, "new": columns}
    await audit.record(tx, actor, "product_terms_changed", "product", product_id, **details)
    announce(tx, actor, [product_id])


async def allow_big_fall(
    tx: WriteTx, actor: Actor, product_id: UUID, city_id: str, now: datetime
) -> AllowedFall:
    """Let the bot follow the suspiciously low price that it holds back in a city: that one, for hours.

    Raises:
        BotRefused: the bot is off.
        Conflict: nothing is held there any more.
    """
    product, _, _ = await queries.get_product(tx, actor, product_id, lock=True)
    if not product.bot_active:
        raise BotRefused("Сначала включите бота: сейчас цену никто не меняет.")
    await begin_anew(tx, actor, [product_id], now)
    allowed = await pricing.allow_fall(tx, actor, product_id, city_id, now)
    product.big_fall_allowed_until = allowed.until
    await tx.flush()
    details = {"city_id": city_id, "price": allowed.price, "until": allowed.until.isoformat()}
    await audit.record(tx, actor, "big_fall_allowed", "product", product_id, **details)
    announce(tx, actor, [product_id])
    return allowed


async def check_now(tx: WriteTx, actor: Actor, product_id: UUID, now: datetime) -> None:
    """Make the product due at once; the bot looks at it when its turn comes."""
    actor.require(Area.PRICES)
    product, _, _ = await queries.get_product(tx, actor, product_id, lock=True)
    if not product.bot_active:
        raise BotRefused("Сначала включите бота: без него цены не проверяются.")
    product.next_check_at = now
    await tx.flush()


def _columns(product: Product, change: TermsChange) -> dict[str, Any]:
    """Check each value that is given and say which columns it becomes."""
    given = change.given()
    columns: dict[str, Any] = {
        name: given[name] for name in ("min_price", "max_price") if name in given
    }
    if "step" in given:
        if change.step is not None and change.step is not KEEP:
            checks.check_step(change.step, field="step")
        columns["price_step_override"] = given["step"]
    if "strategy" in given:
        columns["demping_strategy"] = checks.check_strategy(change.strategy).value
    if "top_n" in given:
        columns["strategy_params"] = with_top_n(product.strategy_params, given["top_n"])
    if "delivery_filter" in given:
        chosen = checks.check_delivery_filter(change.delivery_filter)
        columns["delivery_filter"] = chosen.value if chosen else None
    if isinstance(change.rival_filters, RivalFilters):
        checks.check_rival_filters(change.rival_filters)
        known = RivalFilters.from_json(product.rival_filters)
        kept = replace(
            change.rival_filters,  # whom to follow is not of this form
            excluded_merchants=known.excluded_merchants,
            only_merchants=known.only_merchants,
        )
        columns["rival_filters"] = kept.to_json()
    return columns


def with_top_n(params: dict[str, object], top_n: object) -> dict[str, object]:
    """Return the strategy's parameters with another place, or without one."""
    rest = {key: value for key, value in params.items() if key != "top_n"}
    return rest if top_n is None else {**rest, "top_n": checks.check_top_n(top_n)}


def keep_a_bound(bot_active: bool, min_price: object, max_price: object) -> None:
    """Refuse to take the last bound of a bot that is on."""
    if bot_active and min_price is None and max_price is None:
        raise TermsRefused(
            "Пока бот включён, нужна мин. или макс. цена: без них он не знает, где остановиться.",
            field="min_price",
        )


async def flush(tx: WriteTx) -> None:
    """Write, with a refusal of the database in words."""
    try:
        await tx.flush()
    except IntegrityError as error:
        raise in_words(error) from error
