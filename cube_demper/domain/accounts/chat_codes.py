"""Codes that tell our Telegram bot whose chat it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import queries
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.accounts.signing_in import issue_token
from cube_demper.models.accounts import TokenKind

CODE_LIFE = timedelta(minutes=15)


async def new_code(tx: WriteTx, actor: Actor, now: datetime) -> str:
    """Return a code for `/start`; it works once within 15 minutes, and ends those before it."""
    await queries.discard_tokens(tx, actor.person_id, TokenKind.TELEGRAM, now)
    return await issue_token(tx, actor.person_id, TokenKind.TELEGRAM, CODE_LIFE, now)


async def use_code(tx: WriteTx, actor: Actor, code: str, now: datetime) -> UUID | None:  # noqa: ARG001 - whoever holds the code
    """Use a live code up; return whose it was."""
    return await queries.use_token(tx, token_hash(code), TokenKind.TELEGRAM, now)


async def owner_of_code(tx: ReadTx, actor: Actor, code: str) -> UUID | None:  # noqa: ARG001 - whoever holds the code
    """Return whose code it is or was."""
    known = await queries.find_token(tx, token_hash(code), TokenKind.TELEGRAM)
    return known.user_id if known else None
