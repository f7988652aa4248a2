"""What the sign-in worker does with requests: takes one, writes down how far it came, connects stores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.stores import signing_in_rules as rules
from cube_demper.domain.stores.login_progress import LEASE, only_system
from cube_demper.domain.stores.login_state import close, open_secrets, seal
from cube_demper.domain.stores.queries import logins
from cube_demper.domain.stores.releasing import is_only_claimed, lock_merchants, release
from cube_demper.domain.stores.signing_in_schemas import CodeBy, LoginJob, Secrets, Shop
from cube_demper.domain.stores.trouble import tell_needs_reauth
from cube_demper.models.stores import (
    DempingSettings,
    KaspiLogin,
    KaspiStore,
    LoginRefusal,
    LoginStep,
    ReauthReason,
)

_SYNC_TOPIC = "catalog.sync"
_REFRESH_LIFE = timedelta(hours=24)
_REFRESH_AGAIN = timedelta(minutes=10)
_PASSING = (LoginRefusal.FLOOD, LoginRefusal.UNREACHABLE, LoginRefusal.CONTRACT_CHANGED)


@dataclass(frozen=True, slots=True)
class SignedInAs:
    """What a finished visit brought: the account's shops and its cookies, as Playwright lists them."""

    shops: tuple[Shop, ...]
    cookies: Sequence[dict[str, Any]]


async def claim(tx: WriteTx, actor: Actor, secrets: SecretBox, now: datetime) -> LoginJob | None:
    """Take the sign-in that waits longest; people go before refreshes. Raises PermissionDenied."""
    only_system(actor)
    row = await logins.claim(tx, now, now + LEASE)
    if row is None:
        return None
    row.retry_at = None  # the wait that Kaspi asked for is over
    return LoginJob(
        id=row.id,
        user_id=row.user_id,
        store_id=row.store_id,
        is_refresh=row.is_refresh,
        step=LoginStep(row.step),
        code_by=CodeBy(found) if (found := row.details.get("code_by")) else None,
        wrong_codes=int(row.details.get("wrong_codes", 0)),
        was_typed=bool(row.details.get("is_typed")),
        secrets=await _secrets(tx, row, secrets),
    )


async def code_sent(
    tx: WriteTx,
    actor: Actor,
    job: LoginJob,
    cookies: Sequence[Any],
    *,
    box: SecretBox,
    now: datetime,
) -> None:
    """Wait for the code that Kaspi has sent; a refresh cannot: its seller is told."""
    only_system(actor)
    row = await logins.take_back(tx, job.id)
    if row is None:
        return
    if job.is_refresh:
        await _give_up(tx, actor, row, ReauthReason.SMS_REQUIRED, now=now)
        return
    code_by = CodeBy.SMS if job.secrets.phone else CodeBy.MAIL
    row.state = seal(box, replace(job.secrets, cookies=tuple(cookies), code=""))
    row.details = {"code_by": code_by}
    _wait_for_person(tx, row, LoginStep.CODE)


async def code_refused(
    tx: WriteTx, actor: Actor, job: LoginJob, *, box: SecretBox, now: datetime
) -> None:
    """Ask for the code again; after the third wrong one the sign-in ends."""
    only_system(actor)
    row = await logins.take_back(tx, job.id)
    if row is None:
        return
    wrong = job.wrong_codes + 1
    if wrong >= rules.WRONG_CODES:
        close(tx, row, LoginStep.REFUSED, now, LoginRefusal.WRONG_CODE)
        return
    row.state = seal(box, replace(job.secrets, code=""))
    row.details = {
        "code_by": job.code_by,
        "wrong_codes": wrong,
        "note": "Код не подошёл или устарел. Проверьте последнее сообщение.",
    }
    _wait_for_person(tx, row, LoginStep.CODE)


async def refuse(
    tx: WriteTx,
    actor: Actor,
    job: LoginJob,
    refusal: LoginRefusal,
    *,
    now: datetime,
    retry_at: datetime | None = None,
) -> None:
    """End a sign-in with its reason; a refresh that may yet succeed is tried again later."""
    only_system(actor)
    row = await logins.take_back(tx, job.id)
    if row is None:
        return
    is_own_flood = job.was_typed and refusal is LoginRefusal.FLOOD
    if is_own_flood and retry_at and retry_at < row.expires_at:
        row.retry_at, row.claimed_until = retry_at, None  # we asked for the first code ourselves
        tx.emit(f"user:{row.user_id}", "sign_in", row.id)
    elif not job.is_refresh:
        row.retry_at = retry_at
        close(tx, row, LoginStep.REFUSED, now, refusal)
    elif refusal in _PASSING:
        row.retry_at, row.claimed_until = retry_at or now + _REFRESH_AGAIN, None
    else:
        await _give_up(tx, actor, row, ReauthReason.INVALID_CREDENTIALS, now=now, refusal=refusal)


async def signed_in(
    tx: WriteTx, actor: Actor, job: LoginJob, got: SignedInAs, *, box: SecretBox, now: datetime
) -> list[UUID]:
    """Connect the shop, or renew the session of its store; ask which one where there are several.

    What the seller set is never touched. A store that another user only claimed by a price list is
    theirs no more. Returns the stores whose session is new; their catalogue is asked for. Other
    stores of the same person that wait for this account come back as well.
    """
    only_system(actor)
    row = await logins.take_back(tx, job.id)
    if row is None:
        return []
    uids = [shop.uid for shop in got.shops]
    await lock_merchants(tx, uids)
    stores = await logins.lock_merchants(tx, uids)
    mine = {store.merchant_id: store for store in stores if store.user_id == job.user_id}
    chosen = await _choose(tx, job, got)
    if isinstance(chosen, LoginRefusal):
        await refuse(tx, actor, job, chosen, now=now)
        return []
    if chosen is None:
        row.state = seal(box, replace(job.secrets, code="", cookies=tuple(got.cookies)))
        row.details = {"shops": [{"uid": it.uid, "name": it.name} for it in got.shops]}
        _wait_for_person(tx, row, LoginStep.SHOP)
        return []
    for other in stores:
        if other.merchant_id != chosen.uid or other.user_id == job.user_id:
            continue
        if not is_only_claimed(other):
            await refuse(tx, actor, job, LoginRefusal.TAKEN, now=now)
            return []
        await release(tx, actor, other, now)
    target = mine.get(chosen.uid) or await _add(tx, job, chosen)
    renewed = [target, *(it for it in mine.values() if it.needs_reauth and it is not target)]
    for store in renewed:
        _renew(store, job.secrets, got, box, now)
        await audit.record(tx, actor, "kaspi_signed_in", "store", store.id, refresh=job.is_refresh)
        await _ask_for_catalogue(tx, store.id, now)
        tx.emit(f"user:{store.user_id}", "store", store.id)
    row.store_id = target.id
    row.details = {"is_new_store": chosen.uid not in mine}
    close(tx, row, LoginStep.DONE, now)
    await tx.flush()
    return [store.id for store in renewed]


async def queue_refreshes(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Ask for a new session of each store whose old one died and whose password is kept.

    One at a time for a store, and at most three tries an hour for an account: the next waits.
    """
    only_system(actor)
    queued = 0
    for store in await logins.list_to_refresh(tx):
        email = str((store.guid or {}).get("email") or store.kaspi_email or "")
        key = rules.account_hash(email)
        tries = await logins.list_tries(tx, key, now - rules.TRIES_WINDOW)
        is_full = len(tries) >= rules.TRIES
        values = {
            "user_id": store.user_id,
            "store_id": store.id,
            "account_hash": key,
            "account": rules.masked(email),
            "is_refresh": True,
            "step": LoginStep.OPENING,
            "state": "",
            "retry_at": tries[-rules.TRIES] + rules.TRIES_WINDOW if is_full else None,
            "started_at": now,
            "expires_at": now + _REFRESH_LIFE,
        }
        queued += await logins.add(tx, values) is not None
    return queued


async def sweep(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """End what ran out of time, so that no secret stays; return how many."""
    only_system(actor)
    expired = await logins.list_expired(tx, now)
    for row in expired:
        if row.is_refresh:
            reason = ReauthReason.CREDENTIALS_MISSING
            await _give_up(tx, actor, row, reason, now=now, refusal=LoginRefusal.EXPIRED)
        else:
            close(tx, row, LoginStep.REFUSED, now, LoginRefusal.EXPIRED)
    return len(expired)


async def _ask_for_catalogue(tx: WriteTx, store_id: UUID, now: datetime) -> None:
    key = f"{store_id}:signed in {now.isoformat()}"
    await outbox.enqueue(tx, _SYNC_TOPIC, key, {"store_id": str(store_id)}, now)


async def _secrets(tx: WriteTx, row: KaspiLogin, box: SecretBox) -> Secrets:
    if not row.is_refresh or row.store_id is None:
        return open_secrets(box, row.state)
    store = await logins.find_store(tx, row.store_id)
    guid = (store.guid if store else None) or {}
    kept = guid.get("password")
    password = box.decrypt(kept) if isinstance(kept, str) else ""
    return Secrets(email=str(guid.get("email") or ""), password=password, keep_password=True)


async def _choose(tx: WriteTx, job: LoginJob, got: SignedInAs) -> Shop | LoginRefusal | None:
    """Return the shop to connect, why none can be, or None when the person must say."""
    by_uid = {shop.uid: shop for shop in got.shops}
    if job.store_id is not None:
        store = await logins.find_store(tx, job.store_id)
        return by_uid.get(store.merchant_id if store else "", LoginRefusal.OTHER_STORE)
    if job.secrets.shop:
        return by_uid.get(job.secrets.shop, LoginRefusal.OTHER_STORE)
    if not got.shops:
        return LoginRefusal.NO_SHOPS
    return got.shops[0] if len(got.shops) == 1 else None


async def _add(tx: WriteTx, job: LoginJob, shop: Shop) -> KaspiStore:
    """Add a store whose bot suggests and sends nothing."""
    store = KaspiStore(user_id=job.user_id, merchant_id=shop.uid, name=shop.name)
    tx.add(store)
    await tx.flush()
    tx.add(DempingSettings(store_id=store.id))
    return store


def _renew(
    store: KaspiStore, secrets: Secrets, got: SignedInAs, box: SecretBox, now: datetime
) -> None:
    is_kept = secrets.keep_password and secrets.password
    store.guid = {
        "v": 1,
        "cookies": box.encrypt(json.dumps(list(got.cookies))),
        "password": box.encrypt(secrets.password) if is_kept else None,
        "email": secrets.email or None,
        "merchant_uid": store.merchant_id,
        "authenticated_at": now.isoformat(),
    }
    store.kaspi_email = secrets.email or store.kaspi_email
    store.needs_reauth, store.reauth_reason = False, None


async def _give_up(
    tx: WriteTx,
    actor: Actor,
    row: KaspiLogin,
    reason: ReauthReason,
    *,
    now: datetime,
    refusal: LoginRefusal | None = None,
) -> None:
    close(tx, row, LoginStep.REFUSED, now, refusal)
    found = await logins.give_reason(tx, row.store_id, reason) if row.store_id else None
    if found is not None and row.store_id is not None:
        await tell_needs_reauth(tx, actor, row.store_id, found, reason=reason, now=now)


def _wait_for_person(tx: WriteTx, row: KaspiLogin, step: LoginStep) -> None:
    row.step, row.claimed_until = step, None
    tx.emit(f"user:{row.user_id}", "sign_in", row.id)
