"""The list of notifications: one page of rows, and how many there are of each kind."""

from __future__ import annotations

import reflex as rx
from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import NotificationPage
from cube_demper.seller.pages.notifications.rows import TABS, NewsRow, news_row, summary
from cube_demper.ui import session
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.query import ListQuery, read_query
from cube_demper.ui.support import support_mail

_CONCERN = {REREAD, "notification"}


class NotificationsState(LiveMixin, PageMixin, rx.State):
    """What the page shows."""

    rows: list[NewsRow] = []
    tab: str = ""
    unread_only: str = ""
    page: int = 1
    total: int = 0
    counts: dict[str, int] = {}
    summary: str = ""

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        asked = _query_of(self.router.url)
        self._show(asked, await _read(asked))

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(event.kind in _CONCERN for event in events):
            return
        async with self:  # what a background handler sees outside is as old as its last look
            asked = _query_of(self.router.url)
        picture = await _read(asked)
        async with self:
            self._show(asked, picture)

    def _show(self, asked: ListQuery, picture: NotificationPage) -> None:
        unread = picture.counts.get("unread", 0)
        everything = sum(number for code, number in picture.counts.items() if code != "unread")
        self.rows = [news_row(row, support_mail()) for row in picture.rows]
        self.tab, self.unread_only = asked.filters.get("tab", ""), asked.filters.get("unread", "")
        self.page, self.total = picture.page, picture.total
        self.counts = {
            "": everything,
            "unread": unread,
            **{kind.code: picture.counts.get(kind.code, 0) for kind in TABS},
        }
        self.summary = summary(everything, unread)
        self.phase = "ready"


async def _read(asked: ListQuery) -> NotificationPage:
    async with bootstrap.web().db.read() as tx:
        return await notifications.list_page(
            tx,
            session.current_actor(),
            tab=asked.filters.get("tab", ""),
            only_unread=bool(asked.filters.get("unread")),
            page=asked.page,
        )


def _query_of(url: ReflexURL) -> ListQuery:
    return read_query(url, sorts=(), filters=("tab", "unread"))
