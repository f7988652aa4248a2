"""A person's sign-in to Kaspi, step by step; `python -m workers logins` does the worker's turns.

For the page /stores/connect (every call takes `tx` and `actor` first; events `sign_in` with the id
arrive on `user:<id>` after each step, so that the page calls `current` again):
  start(form, *, secrets, now) -> UUID          OPENING; raises InvalidInput(field), Conflict, TooManySignIns
  submit_code(login_id, code, *, secrets, now)  CODE -> CHECKING
  choose_shop(login_id, uid, *, secrets, now)   SHOP -> ENTERING
  cancel(login_id, now)                      any -> CANCELLED; what Kaspi gave so far is forgotten
  current(now) -> SignInStep | None          the one begun last within the hour, ended or not
`secrets` is `Services.secrets`. Shapes: `signing_in_schemas`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.stores import signing_in_rules as rules
from cube_demper.domain.stores.changes import get_store
from cube_demper.domain.stores.errors import EmailNotConfirmed, TooManySignIns
from cube_demper.domain.stores.login_state import close, open_secrets, seal, step_of
from cube_demper.domain.stores.queries import logins
from cube_demper.domain.stores.signing_in_schemas import Secrets, SignInForm, SignInStep
from cube_demper.models.stores import KaspiLogin, LoginStep


async def start(
    tx: WriteTx, actor: Actor, form: SignInForm, *, secrets: SecretBox, now: datetime
) -> UUID:
    """Ask the worker to open Kaspi; an unfinished sign-in of the same person is cancelled.

    Raises InvalidInput naming the field, EmailNotConfirmed, TooManySignIns with the wait, Conflict
    while somebody else signs in to this account, StoreNotFound.
    """
    owner_id = actor.owner_id
    if not await accounts.has_confirmed_email(tx, actor, owner_id):
        raise EmailNotConfirmed
    read = rules.read_form(form)
    if read.store_id is not None:
        await get_store(tx, actor, read.store_id)
    account = read.phone or read.email
    key = rules.account_hash(account)
    await _check_tries(tx, key, now)
    await _make_room(tx, owner_id, key, now)
    added = await logins.add(tx, _values(owner_id, read, account, secrets, now))
    if added is None:
        raise Conflict("В этот кабинет Kaspi уже входят. Подождите минуту.")
    await audit.record(tx, actor, "kaspi_sign_in_started", "kaspi_login", added)
    tx.emit(f"user:{owner_id}", "sign_in", added)
    return added


async def submit_code(
    tx: WriteTx, actor: Actor, login_id: UUID, code: str, *, secrets: SecretBox, now: datetime
) -> None:
    """Give the code that Kaspi sent. Raises NotFound, InvalidInput, Conflict when none is awaited."""
    row = await _own(tx, actor, login_id, LoginStep.CODE, now)
    digits = rules.read_code(code)
    row.state = seal(secrets, replace(open_secrets(secrets, row.state), code=digits))
    row.step = LoginStep.CHECKING
    tx.emit(f"user:{row.user_id}", "sign_in", row.id)


async def choose_shop(
    tx: WriteTx, actor: Actor, login_id: UUID, uid: str, *, secrets: SecretBox, now: datetime
) -> None:
    """Choose which of the account's shops to connect. Raises NotFound, InvalidInput, Conflict."""
    row = await _own(tx, actor, login_id, LoginStep.SHOP, now)
    if uid not in {shop["uid"] for shop in row.details.get("shops", [])}:
        raise InvalidInput("Такого магазина в этой учётной записи нет", field="shop")
    row.state = seal(secrets, replace(open_secrets(secrets, row.state), shop=uid))
    row.step = LoginStep.ENTERING
    tx.emit(f"user:{row.user_id}", "sign_in", row.id)


async def cancel(tx: WriteTx, actor: Actor, login_id: UUID, now: datetime) -> None:
    """End a sign-in and forget its secrets; nothing when it ended already. Raises NotFound."""
    row = await logins.find_own(tx, actor.owner_id, login_id, lock=True)
    if row is None:
        raise NotFound("Такого входа нет")
    if row.ended_at is None:
        close(tx, row, LoginStep.CANCELLED, now)


async def current(tx: ReadTx, actor: Actor, now: datetime) -> SignInStep | None:
    """Return the sign-in begun last within the hour, as it stands."""
    row = await logins.find_latest(tx, actor.owner_id, now - rules.TRIES_WINDOW)
    return step_of(row, now) if row else None


async def _own(
    tx: WriteTx, actor: Actor, login_id: UUID, step: LoginStep, now: datetime
) -> KaspiLogin:
    row = await logins.find_own(tx, actor.owner_id, login_id, lock=True)
    if row is None:
        raise NotFound("Такого входа нет")
    if row.step != step or row.ended_at is not None or row.expires_at <= now:
        raise Conflict("Этот шаг уже пройден или время вышло")
    return row


async def _check_tries(tx: WriteTx, key: str, now: datetime) -> None:
    tries = await logins.list_tries(tx, key, now - rules.TRIES_WINDOW)
    if len(tries) >= rules.TRIES:
        raise TooManySignIns(tries[-rules.TRIES] + rules.TRIES_WINDOW - now)


async def _make_room(tx: WriteTx, owner_id: UUID, key: str, now: datetime) -> None:
    """End what stands in the way: the person's own unfinished sign-ins, and what has expired."""
    for row in await logins.list_open_of(tx, owner_id):
        close(tx, row, LoginStep.CANCELLED, now)
    other = await logins.find_open(tx, key)
    if other and (other.expires_at <= now or (other.is_refresh and other.user_id == owner_id)):
        close(tx, other, LoginStep.CANCELLED, now)
    await tx.flush()


def _values(
    owner_id: UUID, form: SignInForm, account: str, secrets: SecretBox, now: datetime
) -> dict[str, object]:
    kept = Secrets(form.email, form.phone, form.password, form.keep_password)
    return {
        "user_id": owner_id,
        "store_id": form.store_id,
        "account_hash": rules.account_hash(account),
        "account": rules.masked(account),
        "step": LoginStep.OPENING,
        "state": seal(secrets, kept),
        "started_at": now,
        "expires_at": now + rules.LIFE,
    }
