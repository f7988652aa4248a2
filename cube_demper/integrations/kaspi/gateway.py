"""One request's way to Kaspi: pause, leave of the limits, egress, answer, report. Errors are ours."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cube_demper.core.clock import ALMATY, Clock
from cube_demper.core.errors import ContractChanged, OutcomeUnknown, RateLimited, Unreachable
from cube_demper.integrations.kaspi import errors
from cube_demper.integrations.kaspi.headers import browser_of
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import (
    EGRESS_BAN,
    LONGEST_WAIT,
    Granted,
    Host,
    RequestKind,
    Wait,
    WaitReason,
    Wish,
)
from cube_demper.integrations.proxies.egress_client import Answer, TransportFailed
from cube_demper.integrations.proxies.pool import Egress, EgressPool

_TRIES = 3
_READ_DEADLINE = timedelta(seconds=40)
_PAUSE = (0.010, 0.300)
_LEAVE_WITHIN = timedelta(seconds=60)
"""How long a leave holds. A process that was frozen between it and the call must not call any more:
its turn is over, and 120 s after the commit of a send a look may have declared it lost."""
_LONGEST_BACK_OFF = 7.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `store` is the merchant uid of the cabinet, `changes` makes it a price send."""

    kind: RequestKind
    host: Host
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    store: str | None = None
    changes: int = 0
    token: str | None = None
    """The orders API's token by a name that gives nothing away: it paces that token's requests."""
    is_action: bool = False
    """It changes an order."""
    is_file: bool = False
    """It answers with a file and not with JSON."""
    may_be_empty: bool = False
    """It answers with nothing when all is well."""

    @property
    def is_feed(self) -> bool:
        """Tell whether it counts against the store's changes of prices."""
        return self.changes > 0

    @property
    def is_send(self) -> bool:
        """Tell whether a repetition would do harm."""
        return self.is_feed or self.is_action

    @property
    def sticks_to(self) -> str | None:
        """Return whose address stays the same from request to request."""
        return self.store or self.token

    def wish(self, candidates: tuple[str, ...]) -> Wish:
        """Return what the limits must allow."""
        return Wish(
            kind=self.kind,
            host=self.host,
            candidates=candidates,
            store=self.store if self.is_feed else None,
            changes=self.changes,
            token=self.token,
            is_sticky=self.sticks_to is not None,
        )


Fill = Callable[[Call], Awaitable[Call | None]]
"""Completes a send when it is granted, or says that nothing is left to send."""


class Gateway:
    """Does the I/O of the client; knows nothing of offers or prices."""

    def __init__(
        self, limits: Limits, egress: EgressPool, clock: Clock, rng: random.Random
    ) -> None:
        """Take the shared limits, the egresses, the clock, and the source of pauses."""
        self._limits = limits
        self._egress = egress
        self._clock = clock
        self._rng = rng

    async def read(self, call: Call) -> object:
        """Return the parsed answer; what may be repeated is, at most three times in all."""
        deadline = self._clock.now() + _READ_DEADLINE
        for attempt in range(1, _TRIES):
            try:
                return await self._attempt(call)
            except (Unreachable, errors.EgressBlocked, ContractChanged) as error:
                if isinstance(error, ContractChanged) and not error.sample:
                    raise
                rest = self._rng.uniform(1.0, min(_LONGEST_BACK_OFF, 1.75 * 2**attempt))
                if self._clock.now() + timedelta(seconds=rest) >= deadline:
                    raise
                await self._clock.sleep(rest)
        return await self._attempt(call)

    async def once(self, call: Call) -> object:
        """Return the parsed answer of a call that is better not repeated unasked."""
        return await self._attempt(call)

    async def send(self, call: Call, fill: Fill) -> object | None:
        """Send once; None when `fill`, asked last, has nothing to send any more.

        Raises OutcomeUnknown when it may have arrived; other errors mean that it did not.
        """
        try:
            return await self._attempt(call, fill)
        except ContractChanged as error:
            raise OutcomeUnknown from error

    async def _attempt(self, call: Call, fill: Fill | None = None) -> object | None:
        await self._clock.sleep(self._rng.uniform(*_PAUSE))
        while True:
            grant = await self._permission(call)
            async with AsyncExitStack() as stack:
                try:
                    egress = await stack.enter_async_context(self._egress.using(grant.egress))
                except KeyError:  # replaced by the operator between the grant and now
                    await self._limits.give_back(grant, call.changes)
                    continue
                filled = call if fill is None else await self._filled(call, fill, grant)
                return filled and await self._exchange(filled, grant, egress)

    async def _filled(self, call: Call, fill: Fill, grant: Granted) -> Call | None:
        """Complete a send; the changes that it does not use are the store's again."""
        used = 0
        try:
            filled = await fill(call)
            used = filled.changes if filled else 0
        finally:
            await self._limits.give_back(grant, call.changes - used)
        return filled

    async def _permission(self, call: Call) -> Granted:
        asked_at, ticket = self._clock.now(), 0
        while True:
            candidates = self._egress.candidates(sticky=call.sticks_to)
            answer = await self._limits.take(call.wish(candidates), ticket=ticket)
            if isinstance(answer, Granted):
                return answer
            waited = self._clock.now() - asked_at
            if waited + timedelta(seconds=answer.seconds) > LONGEST_WAIT:
                raise _refusal(answer)
            ticket = answer.ticket
            await self._clock.sleep(answer.seconds)

    async def _exchange(self, call: Call, grant: Granted, egress: Egress) -> object:
        now = self._clock.now()
        browser = browser_of(egress.key, now.astimezone(ALMATY).date())
        try:
            answer = await egress.client.request(
                call.method,
                call.url,
                headers={**browser, **call.headers},
                params=call.params or None,
                body=call.body,
                before_first_byte=lambda: self._insist_on_turn(grant),
            )
        except Unreachable:
            await self._limits.give_back(grant, call.changes)
            raise
        except TransportFailed as error:
            await self._failed(call, grant, egress, error)
            raise errors.from_transport(error, is_send=call.is_send) from error
        return await self._judge(call, grant, egress, answer, now)

    def _insist_on_turn(self, grant: Granted) -> None:
        if self._clock.now() > grant.at + _LEAVE_WITHIN:
            raise Unreachable("Запрос к Kaspi не успел уйти в свою очередь. Повторим.")

    async def _failed(
        self, call: Call, grant: Granted, egress: Egress, error: TransportFailed
    ) -> None:
        self._egress.failed(egress, error.cause)
        if not error.has_left:
            await self._limits.give_back(grant, call.changes)
        await self._limits.failed(grant)

    async def _judge(
        self, call: Call, grant: Granted, egress: Egress, answer: Answer, now: datetime
    ) -> object:
        self._egress.worked(egress)
        problem = errors.from_status(
            answer, call.host, is_send=call.is_send, is_feed=call.is_feed, now=now
        )
        if problem is not None:
            await self._note(call, grant, answer.status, problem)
            raise problem
        try:
            content = _content(call, answer)
        except ContractChanged:
            await self._limits.failed(grant)
            if call.host is Host.SHOP:  # the anti-bot page: this address rests like after a 403
                await self._limits.ban_egress(grant, EGRESS_BAN)
            raise
        await self._limits.worked(grant)
        return content

    async def _note(self, call: Call, grant: Granted, status: int, problem: Exception) -> None:
        if isinstance(problem, errors.EgressBlocked):
            await self._limits.ban_egress(grant, problem.retry_after)
        elif isinstance(problem, errors.StoreBlocked) and call.store:
            await self._limits.ban_store(call.store, problem.retry_after)
        if status >= 500:
            await self._limits.failed(grant)
        else:
            await self._limits.worked(grant)


def _content(call: Call, answer: Answer) -> object:
    if call.is_file:
        return errors.read_file(answer)
    is_nothing = call.may_be_empty and not answer.content.strip()
    return {} if is_nothing else errors.read_json(answer)


def _refusal(wait: Wait) -> RateLimited | Unreachable:
    """Return the error of a request that did not leave because the wait is too long."""
    pause = timedelta(seconds=wait.seconds)
    match wait.reason:
        case WaitReason.STORE_BAN:
            return errors.StoreBlocked(pause)
        case WaitReason.CHANGES:
            return errors.ChangesSpent(pause)
        case WaitReason.EGRESS_BAN:
            return errors.EgressBlocked(pause)
        case WaitReason.BREAKER:
            return Unreachable("Kaspi отвечает ошибками: повторим через минуту.")
        case _:
            return RateLimited(pause, "Все запросы к Kaspi заняты, подождём своей очереди.")
