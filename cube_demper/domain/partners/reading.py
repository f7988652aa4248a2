"""What the pages of the partner app read; every function answers for the actor's own partner alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.partners import lead_queries, money_queries, report_queries
from cube_demper.domain.partners.schemas import Balance, DayFigures, Entry, LeadFacts, Report
from cube_demper.models.partner_program import EntryKind

SPANS = (7, 30, 90, 365)
PAGE_SIZE = 50
_BATCH = 500
_MOST = 100_000
"""Lines of a file: a partner of a hundred sellers makes 1,200 a year."""
KINDS = {
    "commission": (EntryKind.COMMISSION,),
    "take_back": (EntryKind.TAKE_BACK,),
    "payout": (EntryKind.PAYOUT, EntryKind.PAYOUT_RETURNED),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: `counts` by tab, «» for all. Its state knows what the rows are."""

    rows: Sequence[Any]
    counts: dict[str, int]
    page: int
    total: int


async def report(tx: ReadTx, actor: Actor, days: int, now: datetime) -> Report:
    """Return the figures of the last `days` Almaty days, today included, and of as many before."""
    partner_id = actor.own_partner_id
    today = now.astimezone(ALMATY).date()
    first = today - timedelta(days=days - 1)
    found = await report_queries.figures_by_day(tx, partner_id, first - timedelta(days=days), today)
    span = [first + timedelta(days=number) for number in range(-days, days)]
    figures = [_figures(day, found.get(day, {})) for day in span]
    return Report(
        tuple(figures[days:]),
        _total(figures[:days]),
        await report_queries.clicks_left_out(tx, partner_id, first, today),
    )


def _figures(day: date, given: dict[str, Any]) -> DayFigures:
    return DayFigures(
        datetime.combine(day, time(), ALMATY),
        given.get("clicks", 0),
        given.get("sign_ups", 0),
        given.get("payments", 0),
        given.get("earned", 0),
    )


def _total(days: Sequence[DayFigures]) -> DayFigures:
    return Report(tuple(days), days[0], {}).total


async def balance(tx: ReadTx, actor: Actor) -> Balance:
    """Return the actor's money."""
    return await money_queries.balance(tx, actor.own_partner_id)


async def leads(tx: ReadTx, actor: Actor, stage: str, page: int) -> Page:
    """List a page of the actor's leads, newest first."""
    partner_id = actor.own_partner_id
    counts = await lead_queries.count_stages(tx, partner_id)
    counts = {"": sum(counts.values()), **counts}
    total = counts.get(stage, 0)
    page = _inside(page, total)
    rows = await lead_queries.list_leads(
        tx, partner_id, stage, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    return Page(rows, counts, page, total)


async def lead(tx: ReadTx, actor: Actor, lead_id: UUID) -> tuple[LeadFacts, str] | None:
    """Return one of the actor's leads with its stage; somebody else's is none."""
    return await lead_queries.find_facts(tx, actor.own_partner_id, lead_id)


async def entries(tx: ReadTx, actor: Actor, tab: str, page: int) -> Page:
    """List a page of the actor's account, newest first."""
    partner_id = actor.own_partner_id
    by_kind = await money_queries.count_entries(tx, partner_id)
    counts = {name: sum(by_kind.get(it, 0) for it in kinds) for name, kinds in KINDS.items()}
    counts[""] = sum(by_kind.values())
    total = counts[tab]
    page = _inside(page, total)
    rows = await money_queries.list_entries(
        tx, partner_id, _kinds(tab), limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    return Page(rows, counts, page, total)


def _kinds(tab: str) -> Sequence[str]:
    return [str(it) for it in KINDS.get(tab, ())]


def _inside(page: int, total: int) -> int:
    return min(page, max(1, -(-total // PAGE_SIZE)))


async def stream_entries(tx: ReadTx, actor: Actor, tab: str) -> AsyncIterator[Sequence[Entry]]:
    """Read the actor's whole account in batches, for a file."""
    partner_id = actor.own_partner_id
    for offset in range(0, _MOST, _BATCH):
        rows = await money_queries.list_entries(
            tx, partner_id, _kinds(tab), limit=_BATCH, offset=offset
        )
        if rows:
            yield rows
        if len(rows) < _BATCH:
            return


async def stream_leads(
    tx: ReadTx, actor: Actor, stage: str
) -> AsyncIterator[Sequence[tuple[LeadFacts, str]]]:
    """Read all leads of the actor in batches, for a file."""
    partner_id = actor.own_partner_id
    for offset in range(0, _MOST, _BATCH):
        rows = await lead_queries.list_leads(tx, partner_id, stage, limit=_BATCH, offset=offset)
        if rows:
            yield rows
        if len(rows) < _BATCH:
            return
