"""What the frame of every app shows: who is signed in, and the server's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.ui.browser import js_function, run
from cube_demper.ui.live_value import server_clock
from cube_demper.ui.top_bar import account_menu


@dataclass
class ServerTime:
    """The server's clock, by which ages are counted."""

    at: str = ""
    speed: float = 1.0


def server_time() -> ServerTime:
    """Read the server's clock."""
    clock = bootstrap.web().clock
    return ServerTime(clock.now().isoformat(), clock.speed)


def initials(name: str) -> str:
    """Return the first letters of a name or an e-mail, two at most."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def own_corner(person: Any, clock: Any, *items: rx.Component) -> tuple[rx.Component, ...]:
    """Show the menu of who is signed in and keep the clock.

    Args:
        person: a Var with `name` and `initials`.
        clock: a Var of ServerTime.
        items: what the app itself puts into the menu.
    """
    sign_out = run(js_function("shell", "signOut"))
    return (
        account_menu(person.initials, person.name, *items, on_sign_out=sign_out),
        server_clock(clock.at, clock.speed),
    )
