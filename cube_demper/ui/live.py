"""Events from the database to open pages: one hub a web process, one watcher a page of a tab.

`WriteTx.emit` publishes (channel, kind, id) after a commit; the hub hears all of it once and hands it
to the pages concerned, which read again. No page polls. A watcher is started by `on_load`; Reflex
cancels what `on_load` started when the tab leaves the page or its socket goes, so nothing is left.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from secrets import token_hex
from typing import Any, ClassVar, TypeVar

import orjson
import reflex as rx
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.ui import session
from cube_demper.ui.guards import guarded

REREAD = "reread"  # kind: something may have been missed, read everything
_EVERYTHING = BrowserEvent("", REREAD, "")
_QUEUE = 200
_KEPT = 500  # events that a page may have missed between its reading and its listening
_SILENCE = 20.0  # a little longer than a dead worker counts as alive
_BACK_OFF = (0.2, 1.0, 3.0, 5.0)
_log = get_logger()
_T = TypeVar("_T")


class Mailbox:
    """Events for one listener; too many of them become one «read everything»."""

    def __init__(self, channels: Iterable[str]) -> None:
        """Take events of `channels`."""
        self.channels = frozenset(channels)
        self._events: dict[BrowserEvent, None] = {}
        self._ready = asyncio.Event()

    def put(self, event: BrowserEvent) -> None:
        """Keep an event; one that already waits is not kept twice."""
        if len(self._events) >= _QUEUE:
            self._events = {}
            event = _EVERYTHING
        self._events[event] = None
        self._ready.set()

    async def take(self) -> list[BrowserEvent]:
        """Wait for events and take all that have come."""
        await self._ready.wait()
        self._ready.clear()
        taken, self._events = list(self._events), {}
        return taken


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in what a hub hears; pages keep it in their state, so it says whose hub it is."""

    hub: str
    heard: int


class Hub:
    """Fans out browser events of this process."""

    def __init__(self, redis: Redis, *, silence: float = _SILENCE) -> None:
        """`redis`: where events are published; `silence`: seconds without any that pages doubt."""
        self._redis, self._silence = redis, silence
        self._mailboxes: set[Mailbox] = set()
        self._late: set[Mailbox] = set()
        self._is_hearing = False
        self._name, self._heard = token_hex(8), 0
        self._whole_from: int | None = None
        self._kept: deque[BrowserEvent] = deque(maxlen=_KEPT)
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """Return how many pages listen now."""
        return len(self._mailboxes)

    def mark(self) -> Mark | None:
        """Return the place to listen from for who reads now; None while nothing is heard."""
        return None if self._whole_from is None else Mark(self._name, self._heard)

    async def listen(
        self, channels: Iterable[str], *, is_late: bool = False, since: Mark | None = None
    ) -> AsyncGenerator[list[BrowserEvent], None]:
        """Yield batches of events of `channels` until the caller is cancelled or closes this.

        Use `contextlib.aclosing` around it. A REREAD comes when a lost Redis is back, and after long
        silence: workers that all died send nothing. `is_late`: the caller read before it listened. What
        came after its mark `since` is its first batch, or a REREAD where that is not known.
        """
        mailbox = Mailbox(channels)
        self._mailboxes.add(mailbox)
        missed = self._missed(since)
        if not is_late:
            pass
        elif missed is not None:
            self._put(mailbox, missed)
        elif self._is_hearing:
            mailbox.put(_EVERYTHING)
        else:
            self._late.add(mailbox)
        self._start()
        try:
            while True:
                yield await mailbox.take()
        finally:
            self._mailboxes.discard(mailbox)
            self._late.discard(mailbox)

    async def close(self) -> None:
        """Stop hearing."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _missed(self, since: Mark | None) -> list[BrowserEvent] | None:
        """Return what was heard after a mark; None when some of it may be unknown."""
        if since is None or self._whole_from is None or since.hub != self._name:
            return None
        count = self._heard - since.heard
        if since.heard < self._whole_from or count > len(self._kept):
            return None
        return list(self._kept)[len(self._kept) - count :]

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="browser-events")

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._hear(again=failures > 0)
            except (RedisError, OSError) as error:
                _log.warning("browser_events_lost", error=str(error))
                await asyncio.sleep(_BACK_OFF[min(failures, len(_BACK_OFF) - 1)])
                failures += 1

    async def _hear(self, *, again: bool) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(bootstrap.EVENTS_CHANNEL)
            for mailbox in self._mailboxes if again else self._late:
                mailbox.put(_EVERYTHING)
            self._late.clear()
            self._is_hearing = True
            try:
                await self._pass_on(pubsub)
            finally:
                self._is_hearing, self._whole_from = False, None

    async def _pass_on(self, pubsub: PubSub) -> None:
        loop = asyncio.get_running_loop()
        heard_at = loop.time()
        while True:
            message = await pubsub.get_message(timeout=self._silence)
            if self._whole_from is None:  # what comes first is the answer to the subscription
                self._heard += 1  # for what may have come before it: older marks know too little
                self._whole_from = self._heard
            if message is not None:
                self._deliver(BrowserEvent(*orjson.loads(message["data"])))
            elif loop.time() - heard_at < self._silence:
                continue  # the answer to the subscription counts as nothing
            else:
                for mailbox in self._mailboxes:
                    mailbox.put(_EVERYTHING)
            heard_at = loop.time()

    def _deliver(self, event: BrowserEvent) -> None:
        self._heard += 1
        self._kept.append(event)
        for mailbox in self._mailboxes:
            self._put(mailbox, [event])

    def _put(self, mailbox: Mailbox, events: Iterable[BrowserEvent]) -> None:
        for event in events:
            if event.channel in mailbox.channels:
                mailbox.put(event)


@cache
def hub() -> Hub:
    """Return the hub of this web process."""
    return Hub(bootstrap.web().redis)


class LiveMixin(rx.State, mixin=True):
    """A page that reads again when something of its person changes.

    Put `State.watch` after `State.load` in the page's `on_load` and write `_changed`. A `load` that
    calls `_about_to_read` first spares the watch a reading of what cannot have changed.
    """

    _read_from: Mark | None = None

    _pace: ClassVar[float] = 0.5
    """Seconds between two readings; what comes meanwhile is taken together."""

    _yields_for: ClassVar[float] = 0.0
    """Seconds to let others of the page go first: what a person waits for is not read beside the rest."""

    def _about_to_read(self) -> None:
        """Remember what has been heard until now."""
        self._read_from = hub().mark()

    async def _channels(self) -> list[str]:
        """Return what to listen to: the person's own channel and that of whom they work for."""
        actor = session.current_actor()
        people = [f"user:{it}" for it in {actor.user_id, actor.acts_for} if it is not None]
        return people if actor.partner_id is None else [f"partner:{actor.partner_id}"]

    def _concerns(self, events: list[BrowserEvent]) -> bool:
        """Tell whether events are any of this page's; others cost neither a reading nor its pace."""
        return bool(events)

    async def _changed(self, events: list[BrowserEvent]) -> Any:
        """Read again what `events` touched and assign it inside `async with self`.

        It runs without the state's lock. An event of kind REREAD concerns everything. What it returns
        (a toast, a redirect) goes to the browser.
        """
        raise NotImplementedError

    @guarded(Role.USER, Role.ADMIN, Role.SUPPORT, background=True)
    async def watch(self) -> Any:
        """Follow events for as long as the tab stays on this page and its person may."""
        async for answer in self._follow():
            yield answer

    async def _follow(self) -> AsyncIterator[Any]:
        actor = session.current_actor()
        listening = hub().listen(await self._channels(), is_late=True, since=self._read_from)
        async with aclosing(listening) as batches:
            async for events in batches:
                if not self._concerns(events):
                    continue
                await asyncio.sleep(self._yields_for)
                signed = await _patiently(session.find_signed_in, self)
                if signed is None:  # signed out elsewhere, blocked, or the session is over
                    yield session.to_sign_in(self)
                    return
                if signed.actor != actor:
                    return
                try:
                    answer = await _patiently(self._changed, events)
                except PlanLacks:
                    continue  # said in place of the page, and bought it comes with the next event
                if answer is not None:
                    yield answer
                await asyncio.sleep(self._pace)


async def _patiently(read: Callable[[Any], Awaitable[_T]], argument: Any) -> _T:
    """Read, waiting out a database that is away: a page must not stay stale when it is back."""
    pauses = chain(_BACK_OFF, repeat(_BACK_OFF[-1]))
    while True:
        try:
            return await read(argument)
        except (OSError, SQLAlchemyError) as error:
            _log.warning("live_reading_failed", error=str(error))
            await asyncio.sleep(next(pauses))
