"""Orders tokens that sellers paste or want from their cabinet; handled by the outbox worker."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import CredentialsRejected, IntegrationError, Refused
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.orders import trying
from cube_demper.domain.orders.rules import LOOK_BACK
from cube_demper.domain.orders.schemas import OrdersSeen, TokenJob
from cube_demper.domain.stores import service as stores
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.orders import TokenProblem, TokenTask
from cube_demper.models.stores import ReauthReason
from workers.lazy_kaspi import LazyKaspi

WITHIN = timedelta(minutes=3)
"""Longer than five requests with their repetitions may take."""
_log = get_logger()


class _Ended(Exception):
    """A task that ends without a token, and why."""

    def __init__(self, problem: TokenProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class OrderTokens:
    """Takes tokens from cabinets and tries them at the official API."""

    def __init__(self, services: Services) -> None:
        """Connect to Kaspi with the first request."""
        self._services, self._kaspi = services, LazyKaspi(services)

    async def handle(self, payload: dict[str, Any]) -> None:
        """Do the task named in `payload`. Raises what is worth another try."""
        services = self._services
        token_id, asked_at = UUID(payload["token_id"]), datetime.fromisoformat(payload["asked_at"])
        async with services.db.read() as tx:
            job = await trying.find_job(tx, SYSTEM, token_id, asked_at, secrets=services.secrets)
        if job is None:
            return
        try:
            token = await self._fetched(job) if job.task is TokenTask.FETCH else job.token
            seen = await self._tried(token)
        except _Ended as end:
            await self._refuse(job, end.problem)
        except IntegrationError:
            async with services.db.write() as tx:
                goes_on = await trying.wait(tx, SYSTEM, job, services.clock.now())
            if goes_on:
                raise
        else:
            await self._took(job, token, seen)

    async def close(self) -> None:
        """Close the connections to Kaspi."""
        await self._kaspi.close()

    async def _fetched(self, job: TokenJob) -> str:
        """Return the token that the cabinet keeps, or have it made: never over one that is there."""
        services, kaspi = self._services, await self._kaspi.get()
        async with services.db.read() as tx:
            signed_in = await stores.find_signed_in(tx, SYSTEM, job.store_id)
        if signed_in is None:
            raise _Ended(TokenProblem.SIGNED_OUT)
        cookies = json.loads(services.secrets.decrypt(signed_in.cookies))
        session = CabinetSession.from_playwright(job.merchant_id, cookies)
        try:
            kept = await kaspi.client.orders_token(session)
            return kept or await kaspi.client.make_orders_token(session)
        except CredentialsRejected:
            async with services.db.write() as tx:
                reason, now = ReauthReason.CREDENTIALS_MISSING, services.clock.now()
                await stores.mark_needs_reauth(
                    tx, SYSTEM, job.store_id, reason, now, cookies=signed_in.cookies
                )
            raise _Ended(TokenProblem.SIGNED_OUT) from None
        except Refused as error:
            raise _Ended(TokenProblem.NO_RIGHT) from error

    async def _tried(self, token: str) -> OrdersSeen:
        kaspi, now = await self._kaspi.get(), self._services.clock.now()
        try:
            return await kaspi.orders.seen(token, now - LOOK_BACK, now)
        except CredentialsRejected:
            raise _Ended(TokenProblem.WRONG) from None

    async def _took(self, job: TokenJob, token: str, seen: OrdersSeen) -> None:
        services = self._services
        async with services.db.write() as tx:
            problem = await trying.took(
                tx, SYSTEM, job, token, seen, secrets=services.secrets, now=services.clock.now()
            )
        _log.info("orders_token_tried", store=str(job.store_id), task=job.task, problem=problem)

    async def _refuse(self, job: TokenJob, problem: TokenProblem) -> None:
        async with self._services.db.write() as tx:
            await trying.refuse(tx, SYSTEM, job, problem, self._services.clock.now())
        _log.info("orders_token_tried", store=str(job.store_id), task=job.task, problem=problem)
