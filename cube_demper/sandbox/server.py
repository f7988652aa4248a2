"""The sandbox as a whole: every listener in one event loop, and the handles that tests drive it by."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from cube_demper.core.clock import Clock, SystemClock
from cube_demper.sandbox.audit import AuditReport, Bounds, audit
from cube_demper.sandbox.cabinet import Cabinet
from cube_demper.sandbox.cabinet_packing import Packing
from cube_demper.sandbox.console import Console
from cube_demper.sandbox.faults import Fault, FaultKind, Faults
from cube_demper.sandbox.feeds import Feeds
from cube_demper.sandbox.gemini.brain import Brain
from cube_demper.sandbox.gemini.server import gemini_app
from cube_demper.sandbox.journal import Journal
from cube_demper.sandbox.limits import Limits
from cube_demper.sandbox.listeners import WebListener, bind
from cube_demper.sandbox.login import Addresses, Login
from cube_demper.sandbox.mailbox import Mailbox
from cube_demper.sandbox.market import Market
from cube_demper.sandbox.memory import Memory
from cube_demper.sandbox.options import (
    CONSOLE,
    FIRST_PROXY,
    GEMINI,
    LOGIN,
    MAIL,
    MERCHANT,
    SHOP,
    TELEGRAM,
    TIPTOPPAY,
    WAHA,
    SandboxOptions,
)
from cube_demper.sandbox.orders_api import OrdersApi
from cube_demper.sandbox.pricefeed import Change
from cube_demper.sandbox.proxies import ForwardProxy
from cube_demper.sandbox.seeding import make_world
from cube_demper.sandbox.sessions import Cookie, Sessions, playwright_cookies
from cube_demper.sandbox.shop import Shop
from cube_demper.sandbox.telegram import Telegram
from cube_demper.sandbox.tiptoppay.server import tiptoppay_app
from cube_demper.sandbox.tiptoppay.terminal import Terminal
from cube_demper.sandbox.waha.engine import Engine
from cube_demper.sandbox.waha.server import waha_app
from cube_demper.sandbox.web import Backstage

_PROXIES = 8
_TICK_SECONDS = 0.5
_TICKS_PER_SAVE = 4


class Sandbox:
    """A local Kaspi with its console, mail and proxies."""

    def __init__(self, clock: Clock, options: SandboxOptions) -> None:
        """Build everything; nothing listens before `serving`."""
        self.clock = clock
        self.options = options
        self.journal = Journal(options.state_dir)
        self.faults = Faults()
        self.limits = Limits(options.limits)
        self.world = make_world(options.plan, options.seed)
        self.market = Market(
            self.world,
            self.now,
            delay=options.delay,
            rules=options.rules,
            on_change=self._log_change,
        )
        self.sessions = Sessions(self.world.accounts)
        self.feeds = Feeds(self.market, self.journal)
        self.mailbox = Mailbox(self.now)
        self.telegram = Telegram()
        self.waha = Engine(clock)
        self.tiptoppay = Terminal(clock)
        self.gemini = Brain()
        if options.port_base:
            self.tiptoppay.hooks.listen_at(f"http://127.0.0.1:{options.port_base}")
        self.memory = Memory(self) if options.state_dir else None
        self.proxy_servers = [self._proxy(number) for number in range(_PROXIES)]
        self._web: list[WebListener] = []
        self._streams: list[asyncio.Server] = []
        self._ports: dict[int, int] = {}

    @classmethod
    @asynccontextmanager
    async def start(
        cls, *, clock: Clock | None = None, options: SandboxOptions | None = None, **given: object
    ) -> AsyncIterator[Sandbox]:
        """Serve while the block runs: `async with Sandbox.start(seed=1, clock=clock) as sandbox`.

        `given` are fields of `SandboxOptions`, for short.
        """
        chosen = options or SandboxOptions(**given)  # type: ignore[arg-type]
        sandbox = cls(clock or SystemClock(), chosen)
        async with sandbox.serving():
            yield sandbox

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen on every port while the block runs."""
        running: list[asyncio.Task[None]] = []
        try:
            await self._listen()
            running = [asyncio.create_task(it) for it in (self._tick(), self._pull_feeds())]
            yield
        finally:
            for task in running:
                task.cancel()
            await self._stop()

    @property
    def shop_url(self) -> str:
        """Return what stands for https://kaspi.kz."""
        return f"http://127.0.0.1:{self._ports[SHOP]}"

    @property
    def merchant_url(self) -> str:
        """Return what stands for https://mc.shop.kaspi.kz."""
        return f"http://127.0.0.1:{self._ports[MERCHANT]}"

    @property
    def login_url(self) -> str:
        """Return what stands for https://idmc.shop.kaspi.kz."""
        return f"http://127.0.0.1:{self._ports[LOGIN]}"

    @property
    def console_url(self) -> str:
        """Return the address of the console and the mailbox."""
        return f"http://127.0.0.1:{self._ports[CONSOLE]}"

    @property
    def telegram_url(self) -> str:
        """Return what stands for https://api.telegram.org."""
        return f"http://127.0.0.1:{self._ports[TELEGRAM]}"

    @property
    def waha_url(self) -> str:
        """Return the address of WAHA."""
        return f"http://127.0.0.1:{self._ports[WAHA]}"

    @property
    def tiptoppay_url(self) -> str:
        """Return what stands for https://api.tiptoppay.kz."""
        return f"http://127.0.0.1:{self._ports[TIPTOPPAY]}"

    @property
    def gemini_url(self) -> str:
        """Return what stands for https://generativelanguage.googleapis.com."""
        return f"http://127.0.0.1:{self._ports[GEMINI]}"

    @property
    def smtp_port(self) -> int:
        """Return the port of the mail server."""
        return self._ports[MAIL]

    @property
    def proxies(self) -> list[str]:
        """Return the addresses of the forward proxies, with user and password where they are asked."""
        given = self.options.proxy_credentials
        login = f"{given[0]}:{given[1]}@" if given else ""
        return [
            f"http://{login}127.0.0.1:{self._ports[FIRST_PROXY + number]}"
            for number in range(_PROXIES)
        ]

    def now(self) -> float:
        """Return the sandbox's time in seconds."""
        return self.clock.now().timestamp()

    def cookies(self, email: str = "seller@example.kz") -> list[Cookie]:
        """Sign an account in and return its cookies as Playwright lists them."""
        return playwright_cookies(self.sessions.issue(email, self.now()), "127.0.0.1")

    def make_token(self, store: str) -> str:
        """Make a store's token of the orders API, as its head does in the cabinet; return it."""
        self.world.tokens[store] = secrets.token_urlsafe(32)
        return self.world.tokens[store]

    def fault(
        self,
        kind: FaultKind | str,
        route: str = "*",
        *,
        seconds: float | None = None,
        **more: object,
    ) -> Fault:
        """Put a fault in force: `sandbox.fault("status", "process", status=429, count=2)`."""
        until = self.now() + seconds if seconds is not None else None
        return self.faults.add(Fault(FaultKind(kind), route, until=until, **more))  # type: ignore[arg-type]

    def audit(self, bounds: Bounds | None = None) -> AuditReport:
        """Read the log so far and tell what the product did."""
        self.market.settle()
        return audit(self.journal.entries, bounds)

    def skus(self, store: str) -> Iterable[str]:
        """Return a store's SKUs in the order of the cabinet."""
        return self.world.stores[store].keys()

    async def _listen(self) -> None:
        backstage = Backstage(
            self.clock, self.journal, self.faults, self.market, self.limits, self.sessions
        )
        login = Login(
            backstage,
            self.mailbox,
            lambda: Addresses(self.shop_url, self.merchant_url, self.login_url),
        )
        mc = Cabinet(backstage)
        shop, cabinet = Shop(backstage).app, mc.app
        shop.router.routes.extend([*login.shop_routes(), *OrdersApi(backstage).routes()])
        cabinet.router.routes.extend([*login.cabinet_routes(), *Packing(mc).routes()])
        apps: dict[int, Starlette] = {
            SHOP: shop,
            MERCHANT: cabinet,
            LOGIN: login.app,
            CONSOLE: Console(self).app,
            TELEGRAM: self.telegram.app,
            WAHA: waha_app(backstage, self.waha),
            TIPTOPPAY: tiptoppay_app(backstage, self.tiptoppay),
            GEMINI: gemini_app(backstage, self.gemini),
        }
        for offset, app in apps.items():
            web = WebListener(app, bind(self._wanted(offset)))
            self._ports[offset] = web.port
            self._web.append(web)
            await web.start()
        await self._listen_raw()

    async def _listen_raw(self) -> None:
        loop = asyncio.get_running_loop()
        mail = bind(self._wanted(MAIL))
        self._ports[MAIL] = mail.getsockname()[1]
        self._streams.append(await loop.create_server(self.mailbox.protocol, sock=mail))
        for number, proxy in enumerate(self.proxy_servers):
            listener = bind(self._wanted(FIRST_PROXY + number))
            self._ports[FIRST_PROXY + number] = listener.getsockname()[1]
            self._streams.append(await asyncio.start_server(proxy.accept, sock=listener))

    async def _stop(self) -> None:
        for server in self._streams:
            server.close()
        for proxy in self.proxy_servers:
            await proxy.close()
        await self.waha.hooks.stop()
        await self.tiptoppay.hooks.stop()
        await asyncio.gather(*(web.stop() for web in self._web))
        if self.memory:
            self.memory.save()
            self.memory.close()
        self.journal.close()

    async def _tick(self) -> None:
        ticks = 0
        while True:
            # Real seconds on purpose: a test's clock would run away if a pause moved it.
            await asyncio.sleep(_TICK_SECONDS)
            self.market.settle()
            self.waha.advance()
            self.journal.flush()
            ticks += 1
            if self.memory and ticks % _TICKS_PER_SAVE == 0:
                self.memory.save()

    async def _pull_feeds(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            await self.feeds.pull_due(self.now())

    def _wanted(self, offset: int) -> int:
        return self.options.port_base + offset if self.options.port_base else 0

    def _proxy(self, number: int) -> ForwardProxy:
        return ForwardProxy(f"127.0.0.{number + 2}", self.options.proxy_credentials)

    def _log_change(self, change: Change) -> None:
        if self.memory and self.memory.has_logged(change):
            return
        listing = self.market.listing_of_store(change.store, change.sku)
        card = listing.card_id if listing else None
        if change.result == "pending":
            self.journal.write("accepted", change.accepted_at, card=card, **change.dump())
            return
        self.journal.write("settled", change.due_at, card=card, **change.outcome())
