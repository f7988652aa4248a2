"""Sign-ins that renew themselves: whose they are, and whether somebody does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from records import GUID, NOON, add_store, add_user, seller

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.refreshing import Refresh, RefreshState
from cube_demper.models.accounts import User
from cube_demper.models.operations import WorkerHeartbeat
from cube_demper.models.stores import KaspiLogin, LoginStep

KEPT = GUID | {"password": "sealed"}


def _beat(name: str = "logins", seen_at: datetime = NOON) -> WorkerHeartbeat:
    return WorkerHeartbeat(
        name=name,
        instance_index=0,
        instance_count=1,
        process="host:1",
        started_at=NOON,
        seen_at=seen_at,
        pass_facts={},
    )


def _login(user: User, store_id: UUID, **columns: Any) -> KaspiLogin:
    given = {"account_hash": "a", "account": "a•••", "step": LoginStep.OPENING, "state": ""}
    times = {"started_at": NOON, "expires_at": NOON + timedelta(days=1)}
    return KaspiLogin(
        user_id=user.id, store_id=store_id, is_refresh=True, **given, **times, **columns
    )


async def _dead(tx: WriteTx, user: User, **columns: Any) -> UUID:
    given = {"guid": KEPT, "needs_reauth": True} | columns
    return (await add_store(tx, user, **given)).id


async def test_only_a_kept_password_without_a_reason_renews_itself(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        renewed = await _dead(tx, user)
        await _dead(tx, user, guid=GUID)
        await _dead(tx, user, reauth_reason="sms_required")
        await add_store(tx, user, guid=KEPT)
        await _dead(tx, await add_user(tx))
        tx.add(_beat())
    async with db.read() as tx:
        found = await stores.refreshes(tx, seller(user), NOON)
    assert found == {renewed: Refresh(RefreshState.NOW)}


async def test_a_retry_that_must_wait_says_until_when(db: Database) -> None:
    later = NOON + timedelta(minutes=7)
    async with db.write() as tx:
        user = await add_user(tx)
        waiting = await _dead(tx, user)
        tx.add(_beat())
        tx.add(_login(user, waiting, retry_at=later))
    async with db.read() as tx:
        assert await stores.refreshes(tx, seller(user), NOON) == {
            waiting: Refresh(RefreshState.LATER, later)
        }
        assert await stores.refreshes(tx, seller(user), later, alive_within=timedelta(hours=1)) == {
            waiting: Refresh(RefreshState.NOW)
        }


async def test_without_a_living_sign_in_worker_it_is_stuck(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        stuck = await _dead(tx, user)
        tx.add(_beat("demping"))
        tx.add(_beat(seen_at=NOON - timedelta(minutes=1)))
    async with db.read() as tx:
        found = await stores.refreshes(tx, seller(user), NOON)
    assert found == {stuck: Refresh(RefreshState.STUCK)}
