"""Who is signed in, read when a page opens."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.frame import ServerTime, initials, server_time
from cube_demper.ui.guards import guarded


@dataclass
class Person:
    """Who is signed in."""

    name: str = ""
    initials: str = ""


class FrameState(rx.State):
    """The shell of this tab."""

    person: Person = Person()
    clock: ServerTime = ServerTime()

    @guarded(Role.ADMIN)
    async def load(self) -> None:
        """Read everything."""
        self.clock = server_time()
        if (signed := session.found_by_guard()) is not None:
            name = signed.full_name or signed.actor.email
            self.person = Person(name, initials(name))
