"""Letters about an account: queued with what caused them, written and given a fresh link when sent.

The queue holds only who and what for: no link, no token, no address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from structlog import get_logger

from cube_demper.core.ids import new_id, new_token, token_hash
from cube_demper.db import outbox
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts import letters, rights, rules
from cube_demper.domain.accounts.signing_in import issue_token
from cube_demper.domain.notifications.schemas import Letter, Mailer
from cube_demper.models.accounts import TokenKind, User
from cube_demper.models.staff import StaffMember

Kind = Literal[
    "confirm_email", "already_registered", "reset_password", "password_changed", "staff_welcome"
]
TOPICS: tuple[str, ...] = tuple(f"mail.{kind}" for kind in get_args(Kind))
# A letter asked for long ago would only surprise; confirmation is still wanted whenever it comes.
_STALE_AFTER = timedelta(hours=1)
_log = get_logger()


@dataclass(frozen=True, slots=True)
class MailRoom:
    """What sending takes: where tokens are kept, who carries letters, what address links have.

    `support`: the mailbox of support.
    """

    db: Database
    mailer: Mailer
    site: str
    support: str
    staff_sites: Mapping[str, str] = field(default_factory=dict)
    """Addresses of the apps that admins and support sign in to, by role."""

    def site_of(self, user: User) -> str:
        """Return the address where this person signs in."""
        return self.staff_sites.get(user.role, self.site)


async def enqueue(tx: WriteTx, kind: Kind, user_id: UUID, now: datetime) -> None:
    """Queue a letter in the transaction of what it tells about."""
    payload = {"user_id": str(user_id), "asked_at": now.isoformat()}
    await outbox.enqueue(tx, f"mail.{kind}", new_id(), payload, now)


async def deliver(room: MailRoom, topic: str, payload: dict[str, str], now: datetime) -> None:
    """Write and send a queued letter; one that nobody needs any more is dropped.

    A crash between the server's «accepted» and our mark sends it again: SMTP has no way to ask.
    Raises what the mailer raises.
    """
    kind = topic.removeprefix("mail.")
    asked_at = datetime.fromisoformat(payload["asked_at"])
    async with room.db.write() as tx:
        user = await tx.get(User, UUID(payload["user_id"]))
        if user is None or not _is_wanted(user, kind, asked_at, now):
            _log.info("letter_dropped", topic=topic)
            return
        letter = await _compose(tx, room, user, kind, now)
        address = user.email
    await room.mailer.send(address, letter)


async def deliver_invitation(room: MailRoom, payload: dict[str, str], now: datetime) -> None:
    """Write and send the letter of an invitation; one that was taken back or used is dropped.

    A letter sent twice carries two links, of which the second works. Raises what the mailer raises.
    """
    async with room.db.write() as tx:
        row = await tx.get(StaffMember, UUID(payload["staff_id"]))
        owner = await tx.get(User, row.owner_id) if row else None
        if (
            row is None
            or owner is None
            or row.revoked_at
            or row.accepted_at
            or row.expires_at < now
        ):
            _log.info("letter_dropped", topic="mail.staff_invite")
            return
        token = new_token()
        row.token_hash = token_hash(token)
        letter = letters.staff_invite(
            owner.full_name or owner.email,
            _rights_in_words(row),
            f"{room.site}/staff?token={token}",
        )
        address = row.email
    await room.mailer.send(address, letter)


def _rights_in_words(row: StaffMember) -> str:
    given = [words for area, (words, _) in rights.WORDS.items() if area in row.rights]
    if not given:
        return "Вы сможете смотреть, ничего не меняя."
    return f"Вы сможете менять: {', '.join(given).lower()}."


def _is_wanted(user: User, kind: str, asked_at: datetime, now: datetime) -> bool:
    if user.is_blocked:
        return False
    if kind == "confirm_email":
        return user.email_confirmed_at is None
    return now - asked_at < _STALE_AFTER


async def _compose(tx: WriteTx, room: MailRoom, user: User, kind: str, now: datetime) -> Letter:
    site = room.site_of(user)
    if kind == "confirm_email":
        token = await issue_token(tx, user.id, TokenKind.EMAIL, rules.EMAIL_TOKEN_LIFE, now)
        return letters.confirm_email(f"{site}/confirm?token={token}")
    if kind == "staff_welcome":
        token = await issue_token(tx, user.id, TokenKind.RESET, rules.EMAIL_TOKEN_LIFE, now)
        return letters.staff_welcome(f"{site}/reset?token={token}")
    if kind == "reset_password":
        token = await issue_token(tx, user.id, TokenKind.RESET, rules.RESET_TOKEN_LIFE, now)
        return letters.reset_password(f"{site}/reset?token={token}")
    if kind == "already_registered":
        return letters.already_registered(f"{site}/login", f"{site}/reset")
    return letters.password_changed(f"{site}/reset", room.support)
