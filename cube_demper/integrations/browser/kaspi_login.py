"""Signing in to Kaspi in a browser: the form of KASPI.md §3.2, the code after it, the cabinet's cookies.

No page stays open while a person looks for the code: what goes on from there are the cookies alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, Response
from playwright.async_api import TimeoutError as BrowserTimeout

from cube_demper.core.errors import ContractChanged, Unreachable
from cube_demper.core.settings import KaspiSettings
from cube_demper.integrations.browser.answers import lets_in
from cube_demper.integrations.browser.farm import ChromiumFarm

_VISIT_SECONDS = 60.0
_COOKIE_POLL, _COOKIE_POLLS = 0.2, 60
_SESSION_COOKIE = "mc-sid"
_STEP_PATH = "/api/p/login"
_SUBMIT = ".button.is-primary"
_POST = """async ([path, body]) => {
  const answer = await fetch(path, {method: 'POST', body: JSON.stringify(body),
    headers: {'Content-Type': 'application/json'}, credentials: 'same-origin'});
  return [answer.status, await answer.text()];
}"""
# Names of fields and never their values: a sample is kept in a log.
_SHAPE = """() => [...document.querySelectorAll('input, button, form')].slice(0, 12).map(it =>
  `${it.tagName.toLowerCase()}#${it.id}[name=${it.getAttribute('name') || ''}].${it.className}`)
  .join(' ').slice(0, 600)"""

Cookies = tuple[dict[str, Any], ...]
OnTaken = Callable[[Cookies], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """How far a visit came: `is_in`, or Kaspi has sent a code. `cookies` are Playwright's list."""

    is_in: bool
    cookies: Cookies = field(repr=False)


class KaspiLogin:
    """Kaspi's sign-in. Each call is one visit of at most a minute.

    Raises CredentialsRejected, WrongCode, RateLimited (flood), Unreachable, ContractChanged.
    """

    def __init__(self, farm: ChromiumFarm, settings: KaspiSettings) -> None:
        """Visit the addresses of `settings` in browsers of `farm`."""
        self._farm = farm
        self._login = settings.login_url.rstrip("/")
        back = quote(f"{settings.shop_url.rstrip('/')}/mc/", safe="")
        merchant = settings.merchant_url.rstrip("/")
        self._entrance = f"{merchant}/oauth2/authorization/1?redirectUrl={back}"

    async def by_password(self, email: str, password: str, proxy_url: str | None) -> Arrived:
        """Type e-mail and password; Kaspi may mail a code."""
        async with self._visit(proxy_url) as page:
            await self._goto(page, self._entrance)
            await page.fill("#user_email_field", email)
            await page.click(_SUBMIT)
            await page.fill("#password_field", password)
            await page.fill("#user_email_field", email)
            return await self._submit(page)

    async def by_phone(self, phone: str, proxy_url: str | None) -> Arrived:
        """Type a phone (+7…); Kaspi sends an SMS."""
        async with self._visit(proxy_url) as page:
            await self._goto(page, self._entrance)
            await page.click("#phone_tab")
            await page.fill("#user_phone_field", phone.lstrip("+"))
            return await self._submit(page)

    async def by_code(
        self,
        code: str,
        email: str,
        cookies: Sequence[dict[str, Any]],
        proxy_url: str | None,
        *,
        on_taken: OnTaken,
    ) -> Arrived:
        """Go on with the code; `email` is empty after a phone. Any process may do it, by cookies.

        `on_taken` is given the cookies as soon as Kaspi has taken the code: it takes none twice.
        """
        body = {"_u": email, "_m_c": code, "_r_d": True} if email else {"_c": code}
        async with self._visit(proxy_url, cookies) as page:
            await self._goto(page, f"{self._login}/login")
            status, text = await page.evaluate(_POST, [_STEP_PATH, body])
            lets_in(int(status), str(text), is_code=True)
            await on_taken(await _cookies(page))
            await self._goto(page, self._entrance)
            return await self._arrive(page)

    async def go_in(self, cookies: Sequence[dict[str, Any]], proxy_url: str | None) -> Arrived:
        """Look whether these cookies open the cabinet already, and go in; nothing is typed."""
        async with self._visit(proxy_url, cookies) as page:
            await self._goto(page, self._entrance)
            if page.url.startswith(f"{self._login}/login"):
                return Arrived(is_in=False, cookies=await _cookies(page))
            return await self._arrive(page)

    async def _submit(self, page: Page) -> Arrived:
        async with page.expect_response(_is_step) as waiting:
            await page.click(_SUBMIT)
        answer = await waiting.value
        if lets_in(answer.status, await _text(answer), is_code=False):
            return await self._arrive(page)
        return Arrived(is_in=False, cookies=await _cookies(page))

    async def _arrive(self, page: Page) -> Arrived:
        """Wait until the redirects have brought the cabinet's session."""
        for _ in range(_COOKIE_POLLS):
            cookies = await _cookies(page)
            if opens_cabinet(cookies):
                return Arrived(is_in=True, cookies=cookies)
            await asyncio.sleep(_COOKIE_POLL)
        raise ContractChanged("После входа кабинет Kaspi не открылся", sample=await _shape(page))

    async def _goto(self, page: Page, url: str) -> None:
        answer = await page.goto(url, wait_until="domcontentloaded")
        if answer is None or answer.status >= 400:
            status = answer.status if answer else "ничего"
            raise Unreachable(f"Вход Kaspi отвечает {status}. Повторим позже.")

    @asynccontextmanager
    async def _visit(
        self, proxy_url: str | None, cookies: Sequence[dict[str, Any]] = ()
    ) -> AsyncIterator[Page]:
        """Lend a page; what the browser throws becomes what the catcher must do."""
        try:
            async with (
                asyncio.timeout(_VISIT_SECONDS),
                self._farm.visit(proxy_url=proxy_url, cookies=cookies) as page,
            ):
                try:
                    yield page
                except BrowserTimeout as error:
                    raise await _missing(page) from error
        except TimeoutError as error:
            raise Unreachable("Вход в Kaspi не уложился в минуту") from error
        except BrowserError:
            # Its text may quote what was typed, so it goes no further.
            raise Unreachable("Страница входа Kaspi не открылась") from None


def opens_cabinet(cookies: Iterable[Mapping[str, object]]) -> bool:
    """Tell whether the cabinet's session is among the cookies."""
    return any(cookie.get("name") == _SESSION_COOKIE for cookie in cookies)


async def _missing(page: Page) -> ContractChanged | Unreachable:
    """Tell a page that changed from one that did not load."""
    shape = await _shape(page)
    if not shape and page.url in ("", "about:blank"):
        return Unreachable("Страница входа Kaspi не открылась")
    return ContractChanged("Страница входа Kaspi изменилась", sample=shape or "no fields")


async def _shape(page: Page) -> str:
    try:
        return str(await page.evaluate(_SHAPE))
    except BrowserError:
        return ""


async def _text(answer: Response) -> str:
    try:
        return await answer.text()
    except BrowserError:
        # A navigation took the body away: only a step that lets in navigates.
        return '{"redirectUrl": "/"}' if answer.status == 200 else "{}"


async def _cookies(page: Page) -> Cookies:
    return tuple(dict(cookie) for cookie in await page.context.cookies())


def _is_step(answer: Response) -> bool:
    return answer.request.method == "POST" and answer.url.split("?")[0].endswith(_STEP_PATH)
