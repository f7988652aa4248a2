"""`/api/support`: a person's own window of support. Open, it listens to `live`; closed, it asks nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from cube_demper import bootstrap
from cube_demper.api.session import Seller, from_our_page, signed_in_seller
from cube_demper.core.errors import PermissionDenied
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.schemas import (
    CHANNEL,
    CHAT_EVENT,
    MESSAGE_EVENT,
    TYPING_EVENT,
    Draft,
    Message,
    MessagePage,
    OwnChat,
    person_channel,
)
from cube_demper.integrations.presence.client import PERSON
from cube_demper.ui.live import REREAD, hub
from cube_demper.ui.presence import presence

PREFIX: Final = "/api/support"
_AT_ONCE: Final = 30
_STAFF: Final = [(CHANNEL, TYPING_EVENT)]
_KINDS: Final = {MESSAGE_EVENT, CHAT_EVENT, TYPING_EVENT, REREAD}


class Said(BaseModel):
    """A message to support. Lengths are only a fence: the domain says in words what is too long."""

    text: str = Field(default="", max_length=400_000)
    key: str = Field(max_length=64)
    files: list[UUID] = Field(default_factory=list, max_length=20)


class Rating(BaseModel):
    """What a person thinks of a matter that is closed."""

    rating: int
    words: str = Field(default="", max_length=10_000)


def support_chat_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix=PREFIX)
    taking = [Depends(from_our_page)]
    router.add_api_route("/chat", show, methods=["GET"])
    router.add_api_route("/live", live, methods=["GET"])
    for path, deed, status in (
        ("/messages", write, 201),
        ("/read", read, 204),
        ("/typing", type_in, 204),
        ("/rating", rate, 204),
        ("/close", close, 204),
    ):
        router.add_api_route(path, deed, methods=["POST"], status_code=status, dependencies=taking)
    return router


async def show(actor: Seller, before: int | None = None, after: int | None = None) -> Any:
    """Give the chat's head with its newest messages, those before a number, or those after one."""
    services = bootstrap.web()
    async with services.db.read() as tx:
        own = await reading.own_chat(tx, actor, services.clock.now())
        page = await reading.messages(
            tx, actor, None, before=before, after=after, limit=100 if after else _AT_ONCE
        )
    answers = False
    if own.id is not None:
        present = await presence().present(own.id)
        answers = any(it.is_typing and it.who != PERSON for it in present)
    return _shown(actor, own, page) | {"typing": answers}


async def write(given: Said, actor: Seller) -> dict[str, Any]:
    """Take a message; the same key again is the same message."""
    services = bootstrap.web()
    draft = Draft(given.text, given.key, tuple(given.files))
    async with services.db.write() as tx:
        written = await service.write(tx, actor, None, draft, services.clock.now())
    await presence().stop(written.chat_id, PERSON, leaves=False, tell=_STAFF)
    return {
        "id": str(written.message_id),
        "chat": str(written.chat_id),
        "number": written.number,
    }


async def read(actor: Seller) -> None:
    """Note that the person has all before their eyes."""
    services = bootstrap.web()
    async with services.db.write() as tx:
        await service.mark_read(tx, actor, None, services.clock.now())


async def type_in(actor: Seller) -> None:
    """Tell support that the person writes; nothing of it is stored."""
    if actor.impersonated_by is not None:
        raise PermissionDenied
    services = bootstrap.web()
    async with services.db.read() as tx:
        own = await reading.own_chat(tx, actor, services.clock.now())
    if own.id is not None:
        await presence().type(own.id, PERSON, "Клиент", tell=_STAFF)


async def rate(given: Rating, actor: Seller) -> None:
    """Take a rating."""
    services = bootstrap.web()
    async with services.db.write() as tx:
        await service.rate(tx, actor, given.rating, given.words, services.clock.now())


async def close(actor: Seller) -> None:
    """End the matter: the person needs no answer any more."""
    services = bootstrap.web()
    async with services.db.write() as tx:
        await service.close(tx, actor, None, services.clock.now())


async def live(request: Request, actor: Seller) -> StreamingResponse:
    """Tell an open window when to ask again, for as long as its person is signed in."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_news(request, actor), media_type="text/event-stream", headers=headers)


async def _news(request: Request, actor: Actor) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    # Late: what was said between the window's reading and this is told of at once.
    listening = hub().listen([person_channel(actor.person_id)], is_late=True)
    async with aclosing(listening) as batches:
        async for events in batches:
            kinds = sorted({it.kind for it in events} & _KINDS)
            if not kinds:
                continue
            # It says nothing but «ask», and whoever asks is looked at then: the check may come after.
            yield b"data: %b\n\n" % orjson.dumps(kinds)
            try:
                await signed_in_seller(request)
            except PermissionDenied:
                return


def _shown(actor: Actor, own: OwnChat, page: MessagePage) -> dict[str, Any]:
    return {
        "me": str(actor.person_id),
        "is_begun": own.id is not None,
        "is_closed": own.id is not None and own.status == "closed",
        "answerer": own.answerer,
        "is_online": own.is_online,
        "unread": own.unread,
        "seen_at": int(own.staff_read_at.timestamp() * 1000) if own.staff_read_at else 0,
        "can_rate": own.can_rate,
        "rating": own.rating or 0,
        "words": own.rating_words,
        "mail": actor.email,
        "rows": [_row(it) for it in page.rows],
        "has_older": page.has_older,
    }


def _row(it: Message) -> dict[str, Any]:
    return {
        "id": str(it.id),
        "number": it.number,
        "is_own": it.is_own,
        "author": it.author,
        "text": it.text,
        "at": int(it.sent_at.timestamp() * 1000),
        "key": it.key,
        "files": [
            {"id": str(f.id), "name": f.name, "size": f.size, "is_image": f.is_image}
            for f in it.files
        ],
    }
