"""Asking for the archive of one's own data and taking it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.exports import service as exports
from cube_demper.domain.exports.service import ExportState
from cube_demper.ui import format as fmt
from cube_demper.ui import session, toasts
from cube_demper.ui.downloads import save_file
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin


class DataState(LiveMixin, rx.State):
    """The tab «Мои данные». `status`: none, making, ready, gone, or staff for a manager."""

    status: str = "none"
    words: str = ""

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read how the last archive stands."""
        self.status, self.words = await _read()

    @guarded(Role.USER)
    async def ask(self) -> Any:
        """Ask for an archive."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await exports.ask(tx, session.current_actor(), services.clock.now())
        self.status, self.words = await _read()
        return toasts.done("Готовим архив. Когда он будет готов, придёт уведомление.")

    @guarded(Role.USER)
    async def take(self) -> Any:
        """Download it: the link works once."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            token = await exports.new_link(tx, session.current_actor(), services.clock.now())
        return save_file(f"/api/export?token={token}")

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if any(event.kind in {REREAD, "export"} for event in events):
            status, words = await _read()
            async with self:
                self.status, self.words = status, words


async def _read() -> tuple[str, str]:
    services, actor = bootstrap.web(), session.current_actor()
    if actor.acts_for is not None:
        return "staff", "Архив данных запрашивает только владелец магазина."
    async with services.db.read() as tx:
        state = await exports.state_of(tx, actor, services.clock.now())
    return state.status, _words(state)


def _words(state: ExportState) -> str:
    if state.status == "making":
        return f"Готовим архив, запрошенный {fmt.moment(state.at)}."
    if state.status == "ready":
        size = max(1, round(state.size / 1024))
        until = fmt.moment(state.expires_at)
        return f"Архив готов: {fmt.number(size)} КБ. Скачать можно один раз до {until}."
    if state.status == "gone":
        return "Прошлый архив уже скачан или устарел."
    return ""
