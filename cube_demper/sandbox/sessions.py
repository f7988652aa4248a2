"""Cabinet sessions: cookies that belong to an account. The console hands them out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TypedDict

from cube_demper.sandbox.world import Account


class Cookie(TypedDict):
    """A cookie as Playwright lists it."""

    name: str
    value: str
    domain: str
    path: str
    expires: float
    httpOnly: bool
    secure: bool
    sameSite: str


@dataclass(slots=True)
class Session:
    """One signed-in browser."""

    sid: str
    email: str
    issued_at: float


class Sessions:
    """Who is signed in."""

    def __init__(self, accounts: dict[str, Account]) -> None:
        """Start with nobody signed in."""
        self.accounts = accounts
        self.by_sid: dict[str, Session] = {}

    def issue(self, email: str, now: float) -> Session:
        """Sign an account in. Raises KeyError for an unknown one."""
        session = Session(secrets.token_hex(24), self.accounts[email].email, now)
        self.by_sid[session.sid] = session
        return session

    def expire(self, email: str) -> int:
        """End all sessions of an account; return how many there were."""
        ended = [sid for sid, session in self.by_sid.items() if session.email == email]
        for sid in ended:
            del self.by_sid[sid]
        return len(ended)

    def account_of(self, sid: str | None) -> Account | None:
        """Return whose session this is."""
        session = self.by_sid.get(sid or "")
        return self.accounts[session.email] if session else None


def playwright_cookies(session: Session, domain: str) -> list[Cookie]:
    """Return the session as a browser would keep it."""
    return [
        Cookie(
            name=name,
            value=value,
            domain=domain,
            path="/",
            expires=-1,
            httpOnly=True,
            secure=False,
            sameSite="Lax",
        )
        for name, value in (("mc-session", ingress_value()), ("mc-sid", session.sid))
    ]


def ingress_value() -> str:
    """Return a value of the cookie that Kaspi's ingress sets even for strangers."""
    return f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**6)}|{secrets.token_hex(16)}"
