"""One difference in full with the seller's note, and the question before a report is deleted."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.payouts import service as payouts
from cube_demper.seller.pages.reconciliation.rows import Panel, panel_of
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded


class DifferenceState(rx.State):
    """The panel beside the list."""

    panel: Panel = Panel()

    @guarded(Role.USER)
    async def open(self, difference_id: str) -> None:
        """Read a difference and show it; a line that is as expected has none."""
        if difference_id.startswith("line-"):
            return
        async with bootstrap.web().db.read() as tx:
            actor = session.current_actor()
            found = await payouts.get_difference(tx, actor, read_id(difference_id))
        self.panel = panel_of(*found)

    @guarded(Role.USER)
    async def close(self) -> None:
        """Put the panel away."""
        self.panel = Panel()

    @guarded(Role.USER)
    async def resolve(self, form: dict[str, Any]) -> Any:
        """Mark the difference as settled, with a note."""
        services, actor = bootstrap.web(), session.current_actor()
        difference_id, note = self.panel.id, str(form.get("note", ""))
        async with services.db.write() as tx:
            now = services.clock.now()
            await payouts.resolve(tx, actor, read_id(difference_id), note, now)
        self.panel = Panel()
        return toasts.undo("Различие разобрано", DifferenceState.reopen(difference_id))

    @guarded(Role.USER)
    async def reopen(self, difference_id: str) -> Any:
        """Take the mark off."""
        async with bootstrap.web().db.write() as tx:
            actor = session.current_actor()
            await payouts.reopen(tx, actor, read_id(difference_id))
        self.panel = Panel()
        return toasts.done("Различие снова открыто")


class DeletionState(rx.State):
    """The question before a report is deleted."""

    report_id: str = ""

    @guarded(Role.USER)
    async def ask(self, report_id: str) -> None:
        """Ask."""
        self.report_id = report_id

    @guarded(Role.USER)
    async def dismiss(self) -> None:
        """Delete nothing."""
        self.report_id = ""

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Delete the report."""
        async with bootstrap.web().db.write() as tx:
            actor = session.current_actor()
            await payouts.delete_report(tx, actor, read_id(self.report_id))
        self.report_id = ""
        return [toasts.done("Отчёт удалён"), rx.redirect("/reconciliation", replace=True)]
