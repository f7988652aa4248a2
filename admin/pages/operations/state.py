"""One of the lists by the address: `?tab=queues`, `?tab=errors&kind=send&days=7`."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import reflex as rx

from admin.listing import AdminList
from admin.pages.operations.rows import (
    TABS,
    Line,
    budget_line,
    error_line,
    queue_line,
    worker_line,
)
from cube_demper import bootstrap
from cube_demper.core.paging import Page
from cube_demper.domain.statistics import errors, reading
from cube_demper.domain.statistics.schemas import ErrorKind, Machine
from cube_demper.ui import session
from cube_demper.ui.query import ListQuery

_DAYS = ("1", "7", "30")


class OperationsState(AdminList, rx.State):
    """The list that the tab names."""

    _pace: ClassVar[float] = 10.0

    rows: list[Line] = []
    kind: str = ErrorKind.LOOK
    days: str = "1"
    summary: str = ""

    def _asked(self) -> ListQuery:
        return self._query("kind", "days")

    async def _channels(self) -> list[str]:
        """Listen to the collector of figures."""
        return ["staff"]

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Machine, Page | None]:
        services, actor = bootstrap.web(), session.current_actor()
        now, limit = services.clock.now(), services.settings.kaspi.changes_per_30_min
        async with services.db.read() as tx:
            machine = await reading.machine(
                tx, actor, now, changes_limit=limit, speed=services.clock.speed
            )
            if asked.filters.get("tab") != "errors":
                return asked, machine, None
            since = now - timedelta(days=int(_days(asked)))
            return (
                asked,
                machine,
                await errors.list_errors(tx, actor, _kind(asked), since, asked.page),
            )

    def _show(self, found: tuple[ListQuery, Machine, Page | None]) -> None:
        asked, machine, failures = found
        self.kind, self.days = _kind(asked), _days(asked)
        tab = asked.filters.get("tab", "")
        lines = _lines(tab, machine) if failures is None else _failures(failures)
        page = failures or Page(lines, 1, len(lines))
        self.summary = _summary(machine)
        self._show_page(page, asked, lines)
        self.view.tab = tab if tab in TABS else ""


def _kind(asked: ListQuery) -> ErrorKind:
    given = asked.filters.get("kind", "")
    return ErrorKind(given) if given in list(ErrorKind) else ErrorKind.LOOK


def _days(asked: ListQuery) -> str:
    given = asked.filters.get("days", "")
    return given if given in _DAYS else "1"


def _lines(tab: str, machine: Machine) -> list[Line]:
    now = bootstrap.web().clock.now()
    match tab:
        case "queues":
            return [queue_line(it, now) for it in machine.queues]
        case "kaspi":
            return [budget_line(it, machine.changes_limit) for it in machine.budgets[:200]]
        case "switches":
            return []
        case _:
            lines = [worker_line(it, now) for it in machine.workers]
            return sorted(lines, key=lambda it: (it.tone != "red", it.id))


def _failures(page: Page) -> list[Line]:
    now = bootstrap.web().clock.now()
    return [error_line(it, now) for it in page.rows]


def _summary(machine: Machine) -> str:
    stuck = sum(it.stuck for it in machine.queues)
    parts = []
    if machine.silent:
        parts.append(f"молчат процессы: {machine.silent}")
    if stuck:
        parts.append(f"не выходит заданий: {stuck}")
    if machine.banned:
        parts.append(f"под запретом Kaspi магазинов: {machine.banned}")
    return ("Внимание: " + ", ".join(parts) + ".") if parts else "Всё работает."
