"""Whose sessions an app has: partners have a table and a sign-in of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SignedIn
from cube_demper.domain.partners import door as partners


@dataclass(frozen=True, slots=True)
class Door:
    """The use cases of sessions, as `accounts.sessions` has them."""

    find_signed_in: Callable[..., Awaitable[SignedIn | None]]
    open_session: Callable[..., Awaitable[str]]
    sign_out: Callable[..., Awaitable[None]]
    touch: Callable[..., Awaitable[None]]


_USERS: Final = Door(
    accounts.find_signed_in, accounts.open_session, accounts.sign_out, accounts.touch
)
_PARTNERS: Final = Door(
    partners.find_signed_in, partners.open_session, partners.sign_out, partners.touch
)


def door_of(app: CubeApp) -> Door:
    """Return whose sessions an app has."""
    return _PARTNERS if app is CubeApp.PARTNER else _USERS
