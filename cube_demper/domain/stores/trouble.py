"""What workers say of a store: it must sign in again, or Kaspi blocks its sends for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.stores.queries import switches
from cube_demper.models.stores import ReauthReason

_BODIES: Final = {
    ReauthReason.SMS_REQUIRED: "Kaspi просит код из SMS. Пока вы не войдёте, цены стоят.",
    ReauthReason.INVALID_CREDENTIALS: (
        "Kaspi не принял сохранённый пароль: похоже, он изменился. Пока вы не войдёте, цены стоят."
    ),
    ReauthReason.CREDENTIALS_MISSING: (
        "Вход в Kaspi истёк, а пароль не сохранён. Пока вы не войдёте, цены стоят."
    ),
}


async def mark_needs_reauth(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    reason: ReauthReason,
    now: datetime,
    *,
    cookies: object = None,
) -> bool:
    """Stop working for a store until there is a new sign-in; tell its seller once per transition.

    A dead session whose password is kept gets no reason yet: the sign-in worker refreshes it first.
    `cookies`: those of `guid` that Kaspi rejected; the store may have others by now, and is then fine.
    Returns False when nothing was marked. Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    is_dead = reason is ReauthReason.CREDENTIALS_MISSING
    will_refresh = is_dead and await switches.keeps_password(tx, store_id)
    found = await switches.require_sign_in(tx, store_id, None if will_refresh else reason, cookies)
    if found is None:
        return False
    if will_refresh:
        tx.emit(f"user:{found[0]}", "store", store_id)
    else:
        await tell_needs_reauth(tx, actor, store_id, found, reason=reason, now=now)
    return True


async def tell_needs_reauth(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    owner: tuple[UUID, str],
    *,
    reason: ReauthReason,
    now: datetime,
) -> None:
    """Tell a seller that a store waits for them; `owner` is their id and the store's name.

    The same reason again on the same day is news in the app, and no second letter.
    """
    user_id, name = owner
    await notifications.retell(
        tx,
        actor,
        Tell(
            user_id=user_id,
            store_id=store_id,
            kind="needs_reauth",
            title=f"«{name}»: войдите в Kaspi заново",
            body=_BODIES[reason],
            link=f"/stores/connect?store={store_id}",
            dedupe_key=f"needs_reauth:{store_id}:{reason}:{now.astimezone(ALMATY):%Y-%m-%d}",
        ),
        now,
    )
    await audit.record(tx, actor, "store_needs_reauth", "store", store_id, reason=reason)
    tx.emit(f"user:{user_id}", "store", store_id)


async def block_sends(tx: WriteTx, actor: Actor, store_id: UUID, until: datetime) -> None:
    """Note that Kaspi takes no changes of this store until then; a longer block stays.

    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    user_id = await switches.block_sends(tx, store_id, until)
    if user_id is not None:
        tx.emit(f"user:{user_id}", "store", store_id)


async def blocked_sends(tx: ReadTx, actor: Actor, now: datetime) -> dict[str, datetime]:
    """Return until when Kaspi takes no changes, by merchant: what the limits must know again.

    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    return await switches.list_blocks(tx, now)


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
