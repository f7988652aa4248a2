"""Who sits in front of this tab: the session cookie of the socket's handshake, read anew on every event.

The cookie is HttpOnly: it is set and removed by `/api/session` alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import reflex as rx
from reflex.middleware.middleware import Middleware

from cube_demper import bootstrap
from cube_demper.api.doors import door_of
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import token_hash
from cube_demper.core.logging import configure_logging
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import look_only
from cube_demper.domain.accounts import rules
from cube_demper.domain.accounts.schemas import Actor, SignedIn, Visitor
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.ui.tab_lock import never_leave_locks

_ACTOR: ContextVar[Actor | None] = ContextVar("actor", default=None)
_FOUND: ContextVar[SignedIn | None] = ContextVar("found", default=None)
_KNOWN: ContextVar[SignedIn | None] = ContextVar("known", default=None)


def current_actor() -> Actor:
    """Return on whose behalf this guarded event runs. Raises PermissionDenied outside of a guard."""
    actor = _ACTOR.get()
    if actor is None:
        raise PermissionDenied
    return actor


def set_actor(actor: Actor | None, *, refusal: str = "", found: SignedIn | None = None) -> None:
    """Say on whose behalf the rest of this event runs; for guards and tests.

    `refusal`: what they read when they change something, where they may only look. `found`: what the
    guard read of them.
    """
    _ACTOR.set(actor)
    _FOUND.set(found)
    look_only(refusal)


def app_name() -> CubeApp:
    """Return which of the apps this process serves."""
    return CubeApp(os.environ.get("CUBE_APP") or CubeApp.SELLER)


def session_token(state: rx.State) -> str | None:
    """Return the session token that the tab's socket came with."""
    name = session_cookie(bootstrap.web().settings, app_name())
    return find_cookie(state.router.headers.cookie, name)


def visitor(state: rx.State) -> Visitor:
    """Return where the tab's socket came from."""
    return Visitor(ip=state.router.session.client_ip, user_agent=state.router.headers.user_agent)


def attempts() -> RedisAttempts:
    """Return what counts tries of sign-in, letters and the like."""
    return RedisAttempts(bootstrap.web().redis)


def open_session_script(code: str, then: str) -> rx.event.EventSpec:
    """Return what makes the page exchange a sign-in code for the cookie and go on to `then`.

    The tab starts anew: a socket carries the cookie it was opened with. `then` is a path of ours.
    """
    body = json.dumps(json.dumps({"code": code}))
    return rx.call_script(
        "fetch('/api/session',{method:'POST',headers:{'Content-Type':'application/json'},"
        f"body:{body}}}).then(function(answer){{if(!answer.ok)throw answer;"
        f"sessionStorage.removeItem('token');location.assign({json.dumps(then)})}})"
        ".catch(function(){location.assign('/login?failed=1')})"
    )


def to_sign_in(state: Any) -> rx.event.EventSpec:
    """Return what leads a tab to the sign-in page, from where it comes back here."""
    url = state.router.url
    here = f"{url.path}?{url.query}" if url.query else url.path
    return rx.redirect(f"/login?next={quote(here or '/', safe='')}", replace=True)


def found_by_guard() -> SignedIn | None:
    """Return whom the guard of this event found signed in."""
    return _FOUND.get()


@contextmanager
def known(signed: SignedIn | None) -> Iterator[None]:
    """Let the block's guards go by what was read of a person a moment ago, in the same event."""
    _KNOWN.set(signed)
    try:
        yield
    finally:
        _KNOWN.set(None)


async def find_signed_in(state: rx.State) -> SignedIn | None:
    """Read who is signed in now: role, block and revocation as they are in the database."""
    if (found := _KNOWN.get()) is not None:
        return found
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        door = door_of(app_name())
        signed = await door.find_signed_in(tx, session_token(state), app_name(), now)
    if signed is None:
        return None
    signed = replace(signed, actor=replace(signed.actor, ip=visitor(state).ip))
    if signed.last_seen_at is None or now - signed.last_seen_at > rules.SEEN_EVERY:
        before = look_only("")  # a person's own visit is noted whatever their rights
        try:
            async with services.db.write() as tx:
                await door.touch(tx, signed.actor, now)
        finally:
            look_only(before)
    return signed


async def attend() -> None:
    """Write this web process's log as workers do and keep its clock at the database's: a lifespan task.

    Left alone structlog prints the local variables of every frame: passwords and cookies among them.
    Tabs' locks are mended here too, before the first event.
    """
    never_leave_locks()
    services = bootstrap.web()
    configure_logging(os.environ.get("CUBE_APP", "web"), as_json=services.settings.is_production)
    await services.follow_database_clock()


class TabOwner(rx.State):
    """Whose session filled this tab's state; never sent to the browser."""

    _owner: str | None = None


class SessionFence(Middleware):
    """Empties a tab's state when its cookie is not the one that filled it.

    Reflex finds a tab's state by a token from the browser's sessionStorage, so without this the
    next person at the same tab, or a thief of that token, would be shown what the last one saw.
    """

    async def preprocess(self, app: rx.App, state: Any, event: Any) -> None:  # noqa: ARG002
        """Compare owners before every event, hydration too."""
        token = session_token(state)
        owner = token_hash(token).hex() if token else ""
        tab: Any = await state.get_state(TabOwner)
        if tab._owner == owner:  # noqa: SLF001 - a backend var of the class above
            return
        if tab._owner is not None:  # noqa: SLF001 - a backend var of the class above
            await _reset_whole_tree(state)
        tab._owner = owner  # noqa: SLF001 - a backend var of the class above


async def _reset_whole_tree(state: Any) -> None:
    root = state._get_root_state()  # noqa: SLF001 - Reflex gives no public way up
    pending = [type(root)]
    while pending:
        cls = pending.pop()
        pending.extend(cls.get_substates())
        await root.get_state(cls)
    root.reset()
