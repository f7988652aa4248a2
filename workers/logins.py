"""Signing in to Kaspi: takes requests of sellers and dead sessions, owns Chromium, connects stores."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from structlog import get_logger

from cube_demper.bootstrap import Kaspi, build_kaspi, proxy_urls
from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    CubeError,
    RateLimited,
)
from cube_demper.db.session import is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.stores import login_progress, login_work
from cube_demper.domain.stores.login_progress import LEASE
from cube_demper.domain.stores.login_work import SignedInAs
from cube_demper.domain.stores.signing_in_schemas import LoginJob, Shop
from cube_demper.integrations.browser.answers import WrongCode
from cube_demper.integrations.browser.farm import ChromiumFarm
from cube_demper.integrations.browser.kaspi_login import Arrived, Cookies, KaspiLogin, opens_cabinet
from cube_demper.integrations.kaspi.limits.rules import Granted, Host, RequestKind, Wish
from cube_demper.integrations.kaspi.session import from_playwright
from cube_demper.models.stores import LoginRefusal, LoginStep
from workers.runtime import STOP_WITHIN, Options, Process, Tick, run_worker

_POLL_SECONDS, _SWEEP_SECONDS, _REFRESH_SECONDS, _PROXIES_SECONDS = 0.5, 30.0, 2.0, 60.0
_PATIENCE = timedelta(seconds=30)
"""How long a sign-in waits for the budget's yes."""
_WIDTH = 2
"""Browsers at once: each costs some 100 MB more."""
_log = get_logger()


def run(options: Options) -> int:
    """Run the sign-in worker."""
    return run_worker("logins", options, build)


async def build(process: Process) -> Logins:
    """Build the work; Chromium starts with the first sign-in."""
    return Logins(process, await build_kaspi(process.services))


class Logins:
    """Does the worker's turns of every sign-in."""

    def __init__(self, process: Process, kaspi: Kaspi) -> None:
        """Validate sessions through `kaspi`, whose limits and egresses browsers share."""
        self._services, self._stopping, self._kaspi = process.services, process.stopping, kaspi
        self._farm = ChromiumFarm(process.settings.chromium_path, width=_WIDTH)
        self._browser = KaspiLogin(self._farm, process.settings.kaspi)
        self._running: set[asyncio.Task[None]] = set()

    def ticks(self) -> dict[str, tuple[Tick, float]]:
        """Take requests, look for dead sessions, sweep up what ran out of time, read proxies."""
        return {
            "requests": (self._begin, _POLL_SECONDS),
            "refreshes": (self._refresh, _REFRESH_SECONDS),
            "sweep": (self._sweep, _SWEEP_SECONDS),
            "proxies": (self._read_proxies, _PROXIES_SECONDS),
        }

    async def run_bounded(self) -> None:
        """Do all that waits for the worker now."""
        await self._sweep()
        await self._refresh()
        while await self._take():
            await asyncio.gather(*self._running)

    async def close(self) -> None:
        """Let visits end; one that does not in time is begun anew after its lease."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=STOP_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._farm.close()
        await self._kaspi.close()

    async def _begin(self) -> None:
        await self._take()

    async def _take(self) -> int:
        """Begin what waits, as far as there is room; return how many."""
        begun = 0
        while len(self._running) < _WIDTH and not self._stopping.is_set():
            async with self._services.db.write() as tx:
                job = await login_work.claim(
                    tx, SYSTEM, self._services.secrets, self._services.clock.now()
                )
            if job is None:
                break
            task = asyncio.create_task(self._serve(job))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            begun += 1
        return begun

    async def _serve(self, job: LoginJob) -> None:
        """The boundary of one sign-in: whatever happens, its person reads why."""
        holding = asyncio.create_task(self._hold(job))
        try:
            await self._advance(job)
        except CubeError as error:
            await self._refuse(job, error)
        except Exception:  # noqa: BLE001 - the boundary; another try comes after the lease
            _log.exception("sign_in_failed", login=str(job.id))
        finally:
            holding.cancel()

    async def _hold(self, job: LoginJob) -> None:
        """Renew the lease, so that it may be short: after a kill nobody waits long."""
        clock = self._services.clock
        while True:
            await clock.sleep(LEASE.total_seconds() / 3)
            try:
                async with self._services.db.write() as tx:
                    await login_progress.hold(tx, SYSTEM, job.id, clock.now())
            except Exception as error:
                if not is_gone(error):
                    raise
                _log.warning("sign_in_not_held", login=str(job.id))

    async def _advance(self, job: LoginJob) -> None:
        secrets = job.secrets
        if job.step is LoginStep.ENTERING and opens_cabinet(secrets.cookies):
            await self._enter(job, secrets.cookies)
            return
        proxy = await self._permission(secrets.email or secrets.phone)
        arrived = await self._visit(job, proxy)
        if arrived is None:
            return
        if arrived.is_in:
            await self._enter(job, arrived.cookies)
            return
        async with self._services.db.write() as tx:
            box, now = self._services.secrets, self._services.clock.now()
            await login_work.code_sent(tx, SYSTEM, job, arrived.cookies, box=box, now=now)

    async def _visit(self, job: LoginJob, proxy: str | None) -> Arrived | None:
        """Do this step in a browser; None when the sign-in ended meanwhile."""
        secrets = job.secrets
        if job.step is LoginStep.ENTERING or (job.step is LoginStep.CHECKING and job.was_typed):
            arrived = await self._browser.go_in(secrets.cookies, proxy)
            if arrived.is_in:
                return arrived
            if job.step is LoginStep.ENTERING:
                raise CredentialsRejected
            # The look itself may have renewed them: the old ones are dead then.
            job = replace(job, secrets=replace(secrets, cookies=arrived.cookies))
        async with self._services.db.write() as tx:
            if not await login_progress.typing(tx, SYSTEM, job):
                return None
        if job.step is LoginStep.CHECKING:
            return await self._check_code(job, proxy)
        if secrets.phone:
            return await self._browser.by_phone(secrets.phone, proxy)
        return await self._browser.by_password(secrets.email, secrets.password, proxy)

    async def _check_code(self, job: LoginJob, proxy: str | None) -> Arrived:
        """Type the code, and keep at once what Kaspi gives for it."""
        secrets = job.secrets

        async def keep(cookies: Cookies) -> None:
            async with self._services.db.write() as tx:
                box = self._services.secrets
                await login_progress.code_taken(tx, SYSTEM, job, cookies, box=box)

        return await self._browser.by_code(
            secrets.code, secrets.email, secrets.cookies, proxy, on_taken=keep
        )

    async def _enter(self, job: LoginJob, cookies: Cookies) -> None:
        """Ask the cabinet whose session it is, and connect."""
        names = await self._kaspi.client.merchants(from_playwright(cookies))
        got = SignedInAs(tuple(Shop(uid, name) for uid, name in names.items()), cookies)
        now = self._services.clock.now()
        async with self._services.db.write() as tx:
            stores = await login_work.signed_in(
                tx, SYSTEM, job, got, box=self._services.secrets, now=now
            )
        _log.info("signed_in", login=str(job.id), stores=len(stores), refresh=job.is_refresh)

    async def _refuse(self, job: LoginJob, error: CubeError) -> None:
        now = self._services.clock.now()
        if isinstance(error, WrongCode) and not job.was_typed:
            async with self._services.db.write() as tx:
                box = self._services.secrets
                await login_work.code_refused(tx, SYSTEM, job, box=box, now=now)
            return
        retry_at = now + error.retry_after if isinstance(error, RateLimited) else None
        sample = error.sample if isinstance(error, ContractChanged) else ""
        _log.warning("sign_in_refused", login=str(job.id), code=error.code, sample=sample)
        async with self._services.db.write() as tx:
            refusal = _refusal(job, error)
            await login_work.refuse(tx, SYSTEM, job, refusal, now=now, retry_at=retry_at)

    async def _permission(self, account: str) -> str | None:
        """Wait for the budget's yes; return the proxy of this account, None for the direct way."""
        limits, pool, ticket = self._kaspi.limits, self._kaspi.egress, 0
        waited = timedelta()
        while True:
            candidates = pool.candidates(sticky=account)
            wish = Wish(RequestKind.SIGN_IN, Host.LOGIN, candidates, is_sticky=True)
            answer = await limits.take(wish, ticket=ticket)
            if isinstance(answer, Granted):
                break
            waited += timedelta(seconds=answer.seconds)
            if waited > _PATIENCE:
                raise RateLimited(waited, "Все запросы к Kaspi заняты, подождём своей очереди.")
            ticket = answer.ticket
            await self._services.clock.sleep(answer.seconds)
        return next((it.url for it in pool.egresses() if it.key == answer.egress), None)

    async def _refresh(self) -> None:
        async with self._services.db.write() as tx:
            await login_work.queue_refreshes(tx, SYSTEM, self._services.clock.now())

    async def _sweep(self) -> None:
        async with self._services.db.write() as tx:
            await login_work.sweep(tx, SYSTEM, self._services.clock.now())

    async def _read_proxies(self) -> None:
        await self._kaspi.egress.replace(await proxy_urls(self._services))


def _refusal(job: LoginJob, error: CubeError) -> LoginRefusal:
    match error:
        case WrongCode():
            return LoginRefusal.INTERRUPTED
        case CredentialsRejected() if job.step is LoginStep.ENTERING:
            return LoginRefusal.INTERRUPTED
        case CredentialsRejected():
            return LoginRefusal.WRONG_PASSWORD
        case RateLimited():
            return LoginRefusal.FLOOD
        case ContractChanged():
            return LoginRefusal.CONTRACT_CHANGED
    return LoginRefusal.UNREACHABLE
