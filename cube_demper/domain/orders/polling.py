"""The reading of stores' orders as the worker drives it: who is due, how it went, what is wrong.

A store is leased; every write proves that the lease is still ours, so two processes never write one store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import IntegrationError, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.orders import order_queries
from cube_demper.domain.orders import polling_queries as queries
from cube_demper.domain.orders import polling_rules as rules
from cube_demper.domain.orders.words import PROBLEM_TITLES, PROBLEM_WORDS
from cube_demper.models.orders import OrderSource, OrdersToken
from cube_demper.models.polling import OrdersPoll, PollProblem
from cube_demper.models.stores import KaspiStore

LEASE: Final = timedelta(minutes=3)
"""Longer than one request with its repetitions may take; after a kill a store waits so long."""
_TOLD: Final = frozenset({PollProblem.TOKEN, PollProblem.SIGNED_OUT, PollProblem.NO_RIGHT})
"""What the seller has to do something about."""


class LeaseLost(Exception):
    """Somebody else reads this store now: what was in hand is theirs."""


@dataclass(slots=True)
class Turn:
    """A store in the worker's hands. `token`: "" without one; `cookies`: encrypted, "" when signed out."""

    poll_id: UUID
    store_id: UUID
    user_id: UUID
    store_name: str
    merchant_id: str
    claimed_until: datetime
    polled_at: datetime | None
    swept_at: datetime | None
    import_since: datetime | None
    import_cursor: datetime | None
    import_started_at: datetime | None
    import_finished_at: datetime | None
    is_token_dead: bool = False
    """There is a token that Kaspi no longer takes."""
    token: str = field(default="", repr=False)
    cookies: str = field(default="", repr=False)

    @property
    def is_importing(self) -> bool:
        """Tell whether the first import is still to be done."""
        return self.import_finished_at is None


async def enrol(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Begin with stores whose reading was switched on; return how many."""
    _only_system(actor)
    return await queries.add_missing(tx, now)


async def claim(
    tx: WriteTx,
    actor: Actor,
    keys: Sequence[int] | None,
    now: datetime,
    *,
    due: datetime,
    limit: int,
    secrets: SecretBox,
) -> list[Turn]:
    """Lease stores that were due at `due`. `keys` None: of any shard."""
    _only_system(actor)
    ids = await queries.claim(tx, keys, now, due=due, until=now + LEASE, limit=limit)
    if not ids:
        return []
    return [_turn(*row, secrets=secrets) for row in await queries.list_claimed(tx, ids)]


async def hold(tx: WriteTx, turn: Turn, now: datetime) -> OrdersPoll:
    """Lock the store's row and renew the lease. Raises LeaseLost."""
    until = max(now + LEASE, turn.claimed_until + timedelta(microseconds=1))
    row = await queries.hold(tx, turn.poll_id, turn.claimed_until, until)
    if row is None:
        raise LeaseLost
    turn.claimed_until = until
    return row


async def begin_import(tx: WriteTx, turn: Turn, now: datetime) -> None:
    """Decide once how far back the first import goes. Raises LeaseLost."""
    row = await hold(tx, turn, now)
    row.import_started_at = turn.import_started_at = now
    row.import_cursor = turn.import_cursor = now
    row.import_since = turn.import_since = now - rules.IMPORT_DEPTH


async def imported(tx: WriteTx, turn: Turn, cursor: datetime, now: datetime) -> None:
    """Note that everything down to `cursor` is read. Raises LeaseLost."""
    row = await hold(tx, turn, now)
    row.import_cursor = turn.import_cursor = cursor
    if turn.import_since is not None and cursor <= turn.import_since:
        row.import_finished_at = turn.import_finished_at = row.swept_at = now
    tx.emit(f"user:{turn.user_id}", "orders", turn.store_id)


async def read(
    tx: WriteTx, turn: Turn, source: OrderSource, begun: datetime, *, seen: int, is_sweep: bool
) -> None:
    """Note that a reading begun then is complete. Raises LeaseLost."""
    row = await hold(tx, turn, begun)
    row.polled_at = turn.polled_at = begun
    row.source, row.orders_seen = source, seen
    if is_sweep:
        row.swept_at = turn.swept_at = begun
    tx.emit(f"user:{turn.user_id}", "orders", turn.store_id)


async def rest(
    tx: WriteTx,
    actor: Actor,
    turn: Turn,
    interval: timedelta,
    now: datetime,
    *,
    problem: PollProblem | None = None,
    error: IntegrationError | None = None,
) -> None:
    """Give the store back. `problem`: what is wrong; `error`: what ended the reading early.

    Raises LeaseLost.
    """
    row = await hold(tx, turn, now)
    row.failures = row.failures + 1 if error else 0
    if error is not None:
        wait = rules.wait_after(row.failures, interval, error)
        row.next_poll_at = now + (interval if problem in _TOLD else wait)
    elif turn.is_importing:
        row.next_poll_at = now
    elif row.next_poll_at <= (turn.polled_at or now):
        row.next_poll_at = (turn.polled_at or now) + interval
    row.claimed_until = None
    if problem != row.problem:
        row.problem, row.problem_since = problem, now if problem else None
        tx.emit(f"user:{turn.user_id}", "store", turn.store_id)
        if problem in _TOLD:
            await _tell(tx, actor, turn, PollProblem(problem), now)


async def give_back(tx: WriteTx, turn: Turn, now: datetime) -> None:
    """Let another process go on at once: this one is told to stop. Raises LeaseLost."""
    row = await hold(tx, turn, now)
    row.claimed_until = None


async def unclear_pairs(tx: ReadTx, actor: Actor) -> Sequence[tuple[str, str, int]]:
    """Return the pairs of Kaspi's that we do not know, with how many orders are in each."""
    _only_system(actor)
    return await order_queries.count_unclear(tx)


async def _tell(tx: WriteTx, actor: Actor, turn: Turn, problem: PollProblem, now: datetime) -> None:
    await notifications.notify(
        tx,
        actor,
        Tell(
            user_id=turn.user_id,
            store_id=turn.store_id,
            kind="orders_stopped",
            title=f"«{turn.store_name}»: {PROBLEM_TITLES[problem]}",
            body=PROBLEM_WORDS[problem],
            link="/stores",
            dedupe_key=f"orders_stopped:{turn.store_id}:{now.isoformat()}",
        ),
    )


def _turn(
    row: OrdersPoll, store: KaspiStore, token: OrdersToken | None, *, secrets: SecretBox
) -> Turn:
    works = token is not None and token.token is not None and token.rejected_at is None
    cookies = (store.guid or {}).get("cookies")
    is_in = isinstance(cookies, str) and not store.needs_reauth
    if row.claimed_until is None:
        raise RuntimeError("a claimed store has no lease")
    return Turn(
        poll_id=row.id,
        store_id=store.id,
        user_id=store.user_id,
        store_name=store.name,
        merchant_id=store.merchant_id,
        claimed_until=row.claimed_until,
        polled_at=row.polled_at,
        swept_at=row.swept_at,
        import_since=row.import_since,
        import_cursor=row.import_cursor,
        import_started_at=row.import_started_at,
        import_finished_at=row.import_finished_at,
        is_token_dead=token is not None and token.rejected_at is not None,
        token=secrets.decrypt(token.token) if works and token and token.token else "",
        cookies=str(cookies) if is_in else "",
    )


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
