"""What a seller's orders brought: revenue, average order, cancellations, by day, hour and place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.orders import analytics_queries as queries
from cube_demper.domain.orders.analytics_queries import Scope
from cube_demper.domain.orders.analytics_schemas import DaySales, SalesReport, Slice, Span

_SHOWN: Final = 8
"""Categories and cities by name; the rest is one line."""


async def report(
    tx: ReadTx, actor: Actor, span: Span, now: datetime, store_id: UUID | None = None
) -> SalesReport:
    """Return the last `span` days, today included, of the actor's orders.

    The period before ends at the same time of day, so that a day that has just begun is compared
    with as much of the other. Raises PlanLacks.
    """
    await billing.require(tx, actor, Feature.ANALYTICS, now)
    since = first_moment(span, now)
    length = timedelta(days=span)
    scope = Scope(actor, store_id, since, now)
    earlier = Scope(actor, store_id, since - length, now - length)
    oldest = await queries.first_order_at(tx, scope)
    reaches = oldest is not None and oldest < earlier.since + timedelta(days=1)
    is_weekly = span is Span.YEAR
    found = await queries.by_day(tx, scope, by_week=is_weekly)
    hours = await queries.by_hour(tx, scope)
    categories = await queries.by_category(tx, scope)
    cities = await queries.by_city(tx, scope)
    return SalesReport(
        since=since,
        span=span,
        totals=await queries.totals(tx, scope),
        before=await queries.totals(tx, earlier) if reaches else None,
        bins=_without_gaps(found, since, now, step=7 if is_weekly else 1),
        is_weekly=is_weekly,
        hours=tuple(hours.get(hour, 0) for hour in range(24)),
        categories=tuple(categories[:_SHOWN]),
        rest_categories=_together(categories[_SHOWN:]),
        cities=tuple(cities[:_SHOWN]),
        rest_cities=_together(cities[_SHOWN:]),
    )


def first_moment(span: Span, now: datetime) -> datetime:
    """Return the midnight in Almaty with which the last `span` days begin."""
    first = now.astimezone(ALMATY).date() - timedelta(days=span - 1)
    return datetime.combine(first, time(), ALMATY)


def _without_gaps(
    found: Sequence[DaySales], since: datetime, now: datetime, *, step: int
) -> tuple[DaySales, ...]:
    """Add the days on which nothing was ordered: a gap in a plot would hide them."""
    by_day = {it.begins: it for it in found}
    day: date = since.date()
    if step > 1:
        day -= timedelta(days=day.weekday())
    last, bins = now.astimezone(ALMATY).date(), []
    while day <= last:
        bins.append(by_day.get(day, DaySales(day, 0, 0, 0)))
        day += timedelta(days=step)
    return tuple(bins)


def _together(rest: Sequence[Slice]) -> Slice:
    return Slice(None, sum(it.orders for it in rest), sum(it.revenue for it in rest))
