"""How a page is read when it opens: its skeleton first, then what was read, or an error with a retry."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin


class PageMixin(rx.State, mixin=True):
    """A page that stands behind `placeholders.when_ready`."""

    phase: str = "loading"
    """"loading", "ready", "error" or "locked" (the plan lacks it); what was read says "ready"."""


def loads(
    *roles: Role, stands: Callable[[Any], bool] = lambda _: False
) -> Callable[[Callable[..., Awaitable[None]]], Any]:
    """Register the handler that reads a PageMixin's page, guarded as `guarded(*roles)` does.

    What is ready and `stands(state)` (it is the same thing that is asked for again) stays meanwhile.
    """

    def decorate(read: Callable[..., Awaitable[None]]) -> Any:
        @functools.wraps(read)
        async def load(self: Any) -> Any:
            is_kept = self.phase == "ready" and stands(self)
            # A page that opens says «loading» already: nothing to draw anew.
            if self.phase != "loading" and not is_kept:
                self.phase = "loading"
                yield
            if isinstance(self, LiveMixin):
                self._about_to_read()
            try:
                await read(self)
            except PlanLacks:
                self.phase = "locked"  # the app's frame says what is missing in place of the page
            except Exception:
                self.phase = "error"
                raise

        return guarded(*roles)(load)

    return decorate
