"""A signed-in cabinet: the cookies of a browser login, and whose store they are used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_LOGIN_HOST = "idmc."
_CSRF_COOKIE = "XSRF-TOKEN"

Cookies = tuple[tuple[str, str], ...]


def from_playwright(cookies: Iterable[Mapping[str, Any]]) -> Cookies:
    """Take what the cabinet needs from a browser's cookies; the login host's stay behind."""
    return tuple(
        (str(cookie["name"]), str(cookie["value"]))
        for cookie in cookies
        if not str(cookie.get("domain", "")).lstrip(".").startswith(_LOGIN_HOST)
    )


@dataclass(frozen=True, slots=True)
class CabinetSession:
    """Cookies and the merchant they act for; everything of a store is keyed by `merchant_uid`."""

    merchant_uid: str
    cookies: Cookies

    @classmethod
    def from_playwright(
        cls, merchant_uid: str, cookies: Iterable[Mapping[str, Any]]
    ) -> CabinetSession:
        """Build a session from the list that Playwright's `context.cookies()` returns."""
        return cls(merchant_uid, from_playwright(cookies))


def cookie_headers(cookies: Cookies) -> dict[str, str]:
    """Return the Cookie header, and the CSRF header where the cabinet gave such a cookie."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies)}
    csrf = next((value for name, value in cookies if name == _CSRF_COOKIE), None)
    if csrf:
        headers["X-XSRF-TOKEN"] = unquote(csrf)
    return headers
