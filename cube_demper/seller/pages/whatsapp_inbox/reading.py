"""Reading talks for the page, and its address: `?q=…&tab=unread&thread=…&order=…`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging.inbox import quick, threads
from cube_demper.domain.messaging.inbox.schemas import (
    Moment,
    QuickReply,
    Thread,
    ThreadPage,
    ThreadQuery,
)
from cube_demper.models.staff import Area
from cube_demper.ui.query import read_query

MOST_TALKS = 300
"""Talks kept on the page; further ones are found by searching."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    search: str
    is_unread: bool
    thread_id: UUID | None
    order_id: UUID | None


@dataclass(frozen=True)
class ThreadPicture:
    """A talk at one moment, with the texts at hand."""

    thread: Thread
    replies: list[QuickReply]
    now: datetime


def asked_of(url: ReflexURL) -> Asked:
    """Read the address; nonsense in it is ignored."""
    given = read_query(url, sorts=(), filters=("tab", "thread", "order"))
    return Asked(
        search=given.search,
        is_unread=given.filters.get("tab", "") == "unread",
        thread_id=find_id(given.filters.get("thread", "")),
        order_id=find_id(given.filters.get("order", "")),
    )


def may_read(actor: Actor) -> bool:
    """Tell whether a person may read talks at all."""
    return actor.may(Area.MESSAGES)


async def read_list(
    actor: Actor,
    asked: Asked,
    *,
    limit: int = threads.PAGE_SIZE,
    after: Moment | None = None,
) -> tuple[ThreadPage, datetime]:
    """Read some talks."""
    services = bootstrap.web()
    query = ThreadQuery(asked.search, asked.is_unread, after, min(limit, MOST_TALKS))
    async with services.db.read() as tx:
        page = await threads.list_threads(tx, actor, query, secrets=services.secrets)
    return page, services.clock.now()


async def read_thread(
    actor: Actor, thread_id: UUID, limit: int, before: Moment | None = None
) -> ThreadPicture:
    """Read a talk's newest messages, or those before a moment. Raises ThreadNotFound."""
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        found = await threads.get_thread(
            tx, actor, thread_id, now, secrets=services.secrets, limit=limit, before=before
        )
        replies = await quick.list_replies(tx, actor)
    return ThreadPicture(found, replies, now)
