"""What the page shows, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts import service as payouts
from cube_demper.domain.economics.payouts.schemas import DifferenceFilter
from cube_demper.domain.stores import service as stores
from cube_demper.models.payouts import DifferenceKind
from cube_demper.seller.pages.reconciliation.choosing import Choice, choices_of, options_of
from cube_demper.seller.pages.reconciliation.rows import (
    Current,
    DifferenceLine,
    KindLine,
    ReportLine,
    current_of,
    difference_line,
    fine_line,
    kinds_of,
    report_line,
)
from cube_demper.ui.lists import ListView
from cube_demper.ui.query import ListQuery

FILTERS = ("id", "tab", "kind", "store")
TABS = ("open", "resolved", "fine")


@dataclass
class Columns:
    """The form of columns."""

    choices: list[Choice] = field(default_factory=list)
    options: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Shown:
    """All that the page shows."""

    view: ListView
    kind: str
    stores: list[dict[str, str]]
    reports: list[ReportLine] = field(default_factory=list)
    current: Current = field(default_factory=Current)
    columns: Columns = field(default_factory=Columns)
    kinds: list[KindLine] = field(default_factory=list)
    rows: list[DifferenceLine] = field(default_factory=list)


async def read_page(actor: Actor, asked: ListQuery) -> Shown:
    """Read the list of reports, or one report with a page of its lines."""
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        own = await stores.list_stores(tx, actor)
        shown = _asked(asked, [{"value": str(it.id), "label": it.name} for it in own])
        report_id = find_id(asked.filters.get("id", ""))
        if report_id is None:
            found = await payouts.list_reports(tx, actor)
            shown.reports = [report_line(it, now) for it in found]
            return shown
        report, sums = await payouts.get_report(tx, actor, report_id)
        shown.current = current_of(report, sums, now)
        if shown.current.asks_columns:
            shown.columns = Columns(choices_of(report), options_of(report))
        if shown.current.is_ready:
            shown.kinds = kinds_of(report)
            await _read_rows(tx, actor, report_id, shown)
    return shown


async def _read_rows(tx: ReadTx, actor: Actor, report_id: UUID, shown: Shown) -> None:
    view = shown.view
    if view.tab == "fine":
        lines = payouts.list_fine_lines(tx, actor, report_id, view.search, view.page)
        fine, view.total = await lines
        shown.rows = [fine_line(it) for it in fine]
        return
    kind = DifferenceKind(shown.kind) if shown.kind else None
    chosen = DifferenceFilter(view.tab == "resolved", kind, view.search)
    rows, view.total = await payouts.list_differences(tx, actor, report_id, chosen, view.page)
    shown.rows = [difference_line(it) for it in rows]


def _asked(asked: ListQuery, own: list[dict[str, str]]) -> Shown:
    tab, kind = (asked.filters.get(name, "") for name in ("tab", "kind"))
    kind = kind if kind in tuple(DifferenceKind) else ""
    store_id, ids = asked.filters.get("store", ""), [it["value"] for it in own]
    view = ListView(
        tab=tab if tab in TABS else "open",
        search=asked.search,
        store=store_id if store_id in ids else next(iter(ids), ""),
        page=asked.page,
        is_narrowed=bool(kind or asked.search),
    )
    return Shown(view, kind, own)
