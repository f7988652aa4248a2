"""What sellers do with orders, carried out at Kaspi; part of the orders worker.

A request leaves at most once; where its end is not known the order is read, never asked again blindly.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from structlog import get_logger

from cube_demper.bootstrap import Kaspi, Services
from cube_demper.core.errors import (
    CredentialsRejected,
    IntegrationError,
    OutcomeUnknown,
    RateLimited,
)
from cube_demper.db.session import is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.orders import trying
from cube_demper.domain.orders.doing import rules, working
from cube_demper.domain.orders.doing.schemas import Errand, Hands, Verdict, Way
from cube_demper.domain.orders.errors import Declined
from cube_demper.domain.orders.seen_schemas import OrderBook
from cube_demper.domain.stores import service as stores
from cube_demper.integrations.kaspi.order_books import ApiBook, CabinetBook
from cube_demper.integrations.kaspi.order_hands import ApiHands, CabinetHands
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.doing import ActionRefusal, ActionStatus
from cube_demper.models.stores import ReauthReason

_WIDTH: Final = 18
"""Actions at once, of all stores."""
_OF_A_STORE: Final = 6
"""As many as a token may ask in a second (`KASPI_ORDERS_RPS_PER_TOKEN`): more would only wait."""
_log = get_logger()


class OrderActions:
    """Takes actions that are due and does them."""

    def __init__(self, services: Services, kaspi: Kaspi) -> None:
        """Act through `kaspi`, inside the limits that all processes share."""
        self._services, self._kaspi = services, kaspi
        self._running: dict[asyncio.Task[None], Errand] = {}
        self._is_closing = False

    async def tick(self) -> None:
        """Take what is due, as far as there is room; go on while there is more."""
        while not self._is_closing and await self._take():
            if len(self._running) >= _WIDTH:
                return

    async def run_until_idle(self) -> None:
        """Do all that is due now."""
        while await self._take() or self._running:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def close(self, within: float) -> None:
        """Let actions end; one that does not in time is found out about after its lease."""
        self._is_closing = True
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take(self) -> bool:
        """Take actions; False when none was due."""
        in_hand = Counter(errand.store_id for errand in self._running.values())
        room = min(_WIDTH - len(self._running), _OF_A_STORE - max(in_hand.values(), default=0))
        busy = {store for store, count in in_hand.items() if count >= _OF_A_STORE}
        if len(self._running) >= _WIDTH:
            return False
        services = self._services
        async with services.db.write() as tx:
            errands = await working.claim(
                tx,
                SYSTEM,
                services.clock.now(),
                limit=max(1, room),
                busy=busy,
                secrets=services.secrets,
            )
        for errand in errands:
            task = asyncio.create_task(self._serve(errand))
            self._running[task] = errand
            task.add_done_callback(self._running.pop)
        return bool(errands)

    async def _serve(self, errand: Errand) -> None:
        """The boundary of one action: whatever happens, what is written stays true."""
        try:
            if errand.status is ActionStatus.REQUESTED:
                await self._do(errand)
            else:
                await self._look(errand)
        except Exception as error:  # noqa: BLE001 - the boundary
            if is_gone(error):
                _log.warning("order_action_database_gone", action=str(errand.id))
                return
            _log.exception("order_action_failed", action=str(errand.id))
            await self._failed(errand)

    async def _do(self, errand: Errand) -> None:
        way = rules.way_for(errand.asked.kind, errand.ways)
        if way is None:
            await self._finish(errand, ActionRefusal.NO_TOKEN)
            return
        try:
            has_left = await self._hands(errand, way).do(errand, lambda: self._leave(errand))
        except Declined as refusal:
            await self._read(errand)
            await self._finish(errand, refusal.reason, refusal.said)
        except CredentialsRejected:
            await self._locked_out(errand, way)
        except OutcomeUnknown:
            await self._lose(errand)
        except IntegrationError as error:
            await self._put_off(errand, error)
        else:
            if has_left:
                await self._done(errand)

    async def _done(self, errand: Errand) -> None:
        """End what Kaspi confirmed; a single order is read at once, a selection's all together later."""
        if errand.batch_id is None:
            await self._read(errand)
        await self._finish(errand)

    async def _leave(self, errand: Errand) -> bool:
        services = self._services
        async with services.db.write() as tx:
            return await working.leave(tx, SYSTEM, errand, services.clock.now())

    async def _finish(
        self, errand: Errand, refusal: ActionRefusal | None = None, said: str = ""
    ) -> None:
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            await working.finish(tx, SYSTEM, errand, now, refusal=refusal, said=said)
        _log.info("order_action_over", action=str(errand.id), kind=errand.asked.kind, why=refusal)

    async def _lose(self, errand: Errand) -> None:
        services = self._services
        async with services.db.write() as tx:
            await working.lose(tx, SYSTEM, errand, services.clock.now())
        _log.warning("order_action_unanswered", action=str(errand.id), kind=errand.asked.kind)

    async def _put_off(self, errand: Errand, error: IntegrationError) -> None:
        services = self._services
        pause = error.retry_after if isinstance(error, RateLimited) else None
        async with services.db.write() as tx:
            await working.put_off(tx, SYSTEM, errand, services.clock.now(), asked_for=pause)
        _log.info("order_action_waits", action=str(errand.id), code=error.code)

    async def _failed(self, errand: Errand) -> None:
        """After an error of ours: what has left is looked after, what has not waits."""
        services = self._services
        async with services.db.write() as tx:
            await working.stumbled(tx, SYSTEM, errand, services.clock.now())

    async def _locked_out(self, errand: Errand, way: Way) -> None:
        """Note where it belongs that a key opens nothing; another way, if there is one, is tried next."""
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            if way is Way.TOKEN:
                await trying.reject(tx, SYSTEM, errand.store_id, errand.token, now)
            else:
                reason = ReauthReason.CREDENTIALS_MISSING
                await stores.mark_needs_reauth(
                    tx, SYSTEM, errand.store_id, reason, now, cookies=errand.cookies
                )
            await working.put_off(tx, SYSTEM, errand, now)

    async def _look(self, errand: Errand) -> None:
        """Find out from the order itself how an unanswered request ended."""
        asked_at = self._services.clock.now()
        verdict = await self._read(errand)
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            what = await working.looked(
                tx, SYSTEM, errand, verdict or Verdict.UNCLEAR, asked_at=asked_at, now=now
            )
        _log.info("order_action_looked_after", action=str(errand.id), next=what)

    async def _read(self, errand: Errand) -> Verdict | None:
        """Read the order and write it down; None when it could not be read."""
        services = self._services
        for book in self._books(errand):
            asked_at = services.clock.now()
            try:
                seen = await book.find(errand.code)
            except IntegrationError as error:
                _log.info("order_not_read", action=str(errand.id), code=error.code)
                continue
            if seen is None:
                return None
            async with services.db.write() as tx:
                await working.take_seen(
                    tx,
                    SYSTEM,
                    errand,
                    book.source,
                    seen,
                    asked_at=asked_at,
                    secrets=services.secrets,
                    now=services.clock.now(),
                )
            return rules.judge(errand.asked, seen, book.source)
        return None

    def _hands(self, errand: Errand, way: Way) -> Hands:
        if way is Way.TOKEN:
            return ApiHands(self._kaspi.orders, errand.token)
        return CabinetHands(self._kaspi.client, self._session(errand))

    def _books(self, errand: Errand) -> Iterator[OrderBook]:
        if errand.token:
            yield ApiBook(self._kaspi.orders, errand.token)
        if errand.cookies:
            session = self._session(errand)
            yield CabinetBook(self._kaspi.client, session, self._services.clock)

    def _session(self, errand: Errand) -> CabinetSession:
        cookies = json.loads(self._services.secrets.decrypt(errand.cookies))
        return CabinetSession.from_playwright(errand.merchant_id, cookies)
