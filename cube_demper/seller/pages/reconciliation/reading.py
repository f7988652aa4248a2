"""What the page shows, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts import service as payouts
from cube_demper.domain.economics.payouts.schemas import DifferenceFilter
from cube_demper.domain.stores import service as stores
from cube_demper.models.payouts import DifferenceKind
from cube_demper.seller.pages.reconciliation.choosing import Choice, choices_of, options_of
from cube_demper.seller.pages.reconciliation.rows import (
    Current,
    DifferenceLine,
    ReportLine,
    current_of,
    difference_line,
    fine_line,
    kind_sums,
    kinds_of,
    report_line,
)
from cube_demper.ui.query import ListQuery

FILTERS = ("id", "tab", "kind", "store")
TABS = ("open", "resolved", "fine")


@dataclass
class View:
    """What the address asks for and how much of it there is."""

    tab: str = "open"
    kind: str = ""
    search: str = ""
    page: int = 1
    total: int = 0
    is_narrowed: bool = False
    store_id: str = ""


@dataclass
class Columns:
    """The form of columns."""

    choices: list[Choice] = field(default_factory=list)
    options: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Shown:
    """All that the page shows."""

    view: View
    stores: list[dict[str, str]]
    reports: list[ReportLine]
    current: Current = field(default_factory=Current)
    columns: Columns = field(default_factory=Columns)
    kinds: list[dict[str, str]] = field(default_factory=list)
    sums: list[tuple[str, str]] = field(default_factory=list)
    lines: list[DifferenceLine] = field(default_factory=list)


async def read_page(actor: Actor, asked: ListQuery) -> Shown:
    """Read the list of reports, or one report with a page of its lines."""
    services = bootstrap.web()
    now = services.clock.now()
    view = _view(asked)
    async with services.db.read() as tx:
        own = [
            {"value": str(it.id), "label": it.name} for it in await stores.list_stores(tx, actor)
        ]
        ids = {it["value"] for it in own}
        if view.store_id not in ids:
            view.store_id = own[0]["value"] if own else ""
        report_id = find_id(asked.filters.get("id", ""))
        if report_id is None:
            found = await payouts.list_reports(tx, actor)
            return Shown(view, own, [report_line(it, now) for it in found])
        report, sums = await payouts.get_report(tx, actor, report_id)
        shown = Shown(view, own, [], current_of(report, sums, now))
        if shown.current.asks_columns:
            shown.columns = Columns(choices_of(report), options_of(report))
        if shown.current.is_ready:
            shown.kinds, shown.sums = kinds_of(report), kind_sums(report)
            if view.tab == "fine":
                fine = payouts.list_fine_lines(tx, actor, report_id, view.search, view.page)
                rows, view.total = await fine
                shown.lines = [fine_line(it) for it in rows]
            else:
                kind = DifferenceKind(view.kind) if view.kind else None
                chosen = DifferenceFilter(view.tab == "resolved", kind, view.search)
                found_rows, view.total = await payouts.list_differences(
                    tx, actor, report_id, chosen, view.page
                )
                shown.lines = [difference_line(it) for it in found_rows]
    return shown


def _view(asked: ListQuery) -> View:
    tab = asked.filters.get("tab", "")
    kind = asked.filters.get("kind", "")
    return View(
        tab=tab if tab in TABS else "open",
        kind=kind if kind in tuple(DifferenceKind) else "",
        search=asked.search,
        page=asked.page,
        is_narrowed=bool(kind or asked.search),
        store_id=asked.filters.get("store", ""),
    )
