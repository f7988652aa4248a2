"""A notification as the page shows it, and the tabs that there are. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.core.moved import address_now
from cube_demper.domain.notifications.kinds import KINDS, OTHER, kind_of
from cube_demper.domain.notifications.schemas import NotificationRow
from cube_demper.ui import format as fmt
from cube_demper.ui.support import with_mailbox

TABS = (*KINDS.values(), OTHER)


@dataclass
class NewsRow:
    """One line of the list."""

    id: str = ""
    title: str = ""
    body: str = ""
    link: str = ""
    help: str = ""
    icon: str = ""
    tone: str = ""
    at: str = ""
    when: str = ""
    is_read: bool = False


def news_row(row: NotificationRow, mailbox: str = "") -> NewsRow:
    """Turn a notification into its line; `mailbox`: support's, for a text that sends there."""
    kind = kind_of(row.kind)
    return NewsRow(
        id=str(row.id),
        title=row.title,
        body=with_mailbox(row.body, mailbox),
        link=address_now(row.link),
        help=f"/help#{kind.help}" if kind.help else "",
        icon=kind.icon,
        tone=kind.tone,
        at=fmt.iso(row.created_at),
        when=fmt.moment(row.created_at),
        is_read=row.is_read,
    )


def summary(total: int, unread: int) -> str:
    """Say in one line whether something waits."""
    if not total:
        return ""
    if not unread:
        return "Всё прочитано."
    words = fmt.plural(unread, "непрочитанное", "непрочитанных", "непрочитанных")
    return f"{fmt.number(unread)} {words} из {fmt.number(total)}."
