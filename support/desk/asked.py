"""What the address asks for: `?tab=pending&who=mine&label=…&plan=2&late=1&sort=urgent&q=…`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from reflex.istate.data import ReflexURL

from cube_demper.core.ids import find_id
from cube_demper.domain.support.schemas import ChatStatus, InboxQuery, Moment, Whose
from cube_demper.ui.query import read_query

FILTERS: Final = ("tab", "who", "label", "plan", "late", "unread")
PLANS: Final = {"2": "PRO", "1": "BASIC", "0": "FREE"}
"""Priorities of plans as the address has them; the greater is answered sooner."""
URGENT: Final = "urgent"
_NOT_CLOSED: Final = frozenset(ChatStatus) - {ChatStatus.CLOSED}


@dataclass
class Chosen:
    """The filters in effect, as their controls show them."""

    tab: str = ""
    who: str = ""
    label: str = ""
    plan: str = ""
    late: str = ""
    unread: str = ""
    sort: str = ""
    search: str = ""
    is_narrowed: bool = False


def chosen_of(url: ReflexURL) -> Chosen:
    """Read the address; nonsense in it is ignored."""
    given = read_query(url, sorts=(URGENT,), filters=FILTERS)
    kept = dict(given.filters)
    found = Chosen(
        tab=kept.get("tab", "") if kept.get("tab") in tuple(ChatStatus) else "",
        who=kept.get("who", "") if _is_who(kept.get("who", "")) else "",
        label=kept.get("label", "") if find_id(kept.get("label", "")) else "",
        plan=kept.get("plan", "") if kept.get("plan") in PLANS else "",
        late="1" if kept.get("late") else "",
        unread="1" if kept.get("unread") else "",
        sort=given.sort,
        search=given.search,
    )
    found.is_narrowed = any((found.who, found.label, found.plan, found.late, found.unread))
    return found


def query_of(chosen: Chosen, *, limit: int, after: Moment | None = None) -> InboxQuery:
    """Turn the filters into what the inbox is asked for."""
    is_whose = chosen.who in tuple(Whose)
    return InboxQuery(
        statuses=frozenset({ChatStatus(chosen.tab)}) if chosen.tab else _statuses(chosen),
        whose=Whose(chosen.who) if is_whose else Whose.ALL,
        assignee_id=None if is_whose else find_id(chosen.who),
        label_id=find_id(chosen.label),
        priority=int(chosen.plan) if chosen.plan else None,
        is_late=bool(chosen.late),
        is_unread=bool(chosen.unread),
        is_urgent=chosen.sort == URGENT and not chosen.search,
        search=chosen.search,
        after=after,
        limit=limit,
    )


def chat_of(url: ReflexURL) -> UUID | None:
    """Return the chat that the address names, `/chats/ID`."""
    parts = url.path.strip("/").split("/")
    return find_id(parts[1]) if len(parts) == 2 and parts[0] == "chats" else None


def message_of(url: ReflexURL) -> int | None:
    """Return the number of the message that a search leads to, `?at=…`."""
    asked = url.query_parameters.get("at", "")
    return int(asked) if asked.isdecimal() and len(asked) < 19 else None


def _statuses(chosen: Chosen) -> frozenset[ChatStatus]:
    """Search everything; else what is closed has a tab of its own."""
    return frozenset() if chosen.search else _NOT_CLOSED


def _is_who(who: str) -> bool:
    return who in (Whose.MINE, Whose.NOBODY) or find_id(who) is not None
