"""A page that opens: all that it reads in one event, then what keeps it up to date.

Reflex makes an event of each handler of `on_load`: each took the tab's lock, fetched and kept its state
and asked who is signed in, and what follows a page began before the page was read, beside it.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, Final

import reflex as rx

from cube_demper.domain.accounts.schemas import Role, SignedIn
from cube_demper.ui import session
from cube_demper.ui.guards import guarded

_HANDS_OVER_AFTER = 3.0
"""Seconds after which an event leaves the other steps to a next one: others of the tab wait for its lock."""

_END: Final = object()
_STEPS: dict[str, tuple[Any, ...]] = {}


def opening(route: str, handlers: Sequence[Any]) -> list[Any]:
    """Return the `on_load` of a page: its handlers in their order, those in the background last."""
    _STEPS[route] = tuple(sorted(handlers, key=lambda it: it.is_background))
    return [Opening.go_on(route, 0)]


class Opening(rx.State):
    """Runs what the page of an address does when it opens."""

    @guarded(Role.USER, Role.SUPPORT, Role.ADMIN, Role.PARTNER)
    async def go_on(self, route: str, done: int) -> AsyncIterator[Any]:
        """Run the steps of a page after the first `done`; what each has read is shown at once."""
        signed = session.found_by_guard()
        ends_at = asyncio.get_running_loop().time() + _HANDS_OVER_AFTER
        steps = _STEPS.get(route, ())[done:]
        reading = [step for step in steps if not step.is_background]
        for number, step in enumerate(reading):
            if number and asyncio.get_running_loop().time() > ends_at:
                yield Opening.go_on(route, done + number)
                return
            state = await self.get_state(step.state)
            async for answer in _answers(step.fn(state), signed):
                yield answer
        yield list(steps[len(reading) :])


async def _answers(result: Any, signed: SignedIn | None) -> AsyncIterator[Any]:
    """Pass on what a step answers; only while it runs itself is `signed` taken as known."""
    if not inspect.isasyncgen(result):
        with session.known(signed):
            answer = await result
        yield answer
        return
    async with aclosing(result):
        while True:
            with session.known(signed):
                answer = await anext(result, _END)
            if answer is _END:
                break
            yield answer
    yield None
