"""A row of `kaspi_logins`: sealing its secrets, ending it, showing it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import WriteTx
from cube_demper.domain.stores import signing_in_rules as rules
from cube_demper.domain.stores.signing_in_schemas import CodeBy, Secrets, Shop, SignInStep
from cube_demper.models.stores import KaspiLogin, LoginRefusal, LoginStep


def seal(box: SecretBox, secrets: Secrets) -> str:
    """Return the secrets encrypted."""
    return box.encrypt(json.dumps(asdict(secrets)))


def open_secrets(box: SecretBox, state: str) -> Secrets:
    """Return the secrets of an open sign-in; none for an empty state (a refresh)."""
    if not state:
        return Secrets()
    values = json.loads(box.decrypt(state))
    return Secrets(**{**values, "cookies": tuple(values["cookies"])})


def close(
    tx: WriteTx,
    row: KaspiLogin,
    step: LoginStep,
    now: datetime,
    refusal: LoginRefusal | None = None,
) -> None:
    """End a sign-in: its secrets are gone with this commit, and its page is told."""
    row.step, row.refusal, row.ended_at = step, refusal, now
    row.state, row.claimed_until = "", None
    tx.emit(f"user:{row.user_id}", "sign_in", row.id)


def step_of(row: KaspiLogin, now: datetime) -> SignInStep:
    """Return a sign-in as its page shows it; one whose time is over is refused as expired."""
    step, refusal = LoginStep(row.step), LoginRefusal(row.refusal) if row.refusal else None
    if row.ended_at is None and row.expires_at <= now:
        step, refusal = LoginStep.REFUSED, LoginRefusal.EXPIRED
    found = row.details.get("code_by")
    code_by = CodeBy(found) if found else None
    return SignInStep(
        id=row.id,
        step=step,
        words=rules.words(step, code_by, refusal),
        account=row.account,
        code_by=code_by,
        note=str(row.details.get("note", "")) if step is LoginStep.CODE else "",
        shops=tuple(Shop(**shop) for shop in row.details.get("shops", [])),
        refusal=refusal,
        retry_at=row.retry_at,
        expires_at=row.expires_at,
        store_id=row.store_id,
        is_new_store=bool(row.details.get("is_new_store")),
    )
