"""A signed-in cabinet: the cookies of a browser login, and whose store they are used for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from cube_demper.core.errors import CredentialsRejected

_LOGIN_HOST = "idmc."
_CSRF_COOKIE = "XSRF-TOKEN"
_NOT_IN_A_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

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
    """Return the Cookie header, and the CSRF header where the cabinet gave such a cookie.

    Raises CredentialsRejected for a cookie that no header can hold, such as one with a line break.
    """
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies)}
    csrf = next((value for name, value in cookies if name == _CSRF_COOKIE), None)
    if csrf:
        headers["X-XSRF-TOKEN"] = unquote(csrf)
    if any(_NOT_IN_A_HEADER.search(value) for value in headers.values()):
        raise CredentialsRejected("Куки кабинета повреждены. Войдите в кабинет заново.")
    return headers
