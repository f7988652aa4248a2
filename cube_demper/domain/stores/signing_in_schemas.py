"""What a sign-in to Kaspi is told by a person and tells them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.models.stores import LoginRefusal, LoginStep


class CodeBy(StrEnum):
    """Where Kaspi sent the code."""

    SMS = "sms"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What a person types: an e-mail with its password, or a phone, which needs none.

    `keep_password`: the seller agreed that we keep it, so that the session is renewed without them.
    `store_id`: the store that must sign in again; None connects a new one.
    """

    email: str = ""
    phone: str = ""
    password: str = field(default="", repr=False)
    keep_password: bool = False
    store_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of the account. `name` is the uid where Kaspi gives no name."""

    uid: str
    name: str


@dataclass(frozen=True, slots=True)
class SignInStep:
    """A sign-in as its page shows it; `words` is the live text, and the exact reason of a refusal.

    `retry_at`: not before then (a countdown). `store_id`: what was connected, when `step` is DONE.
    """

    id: UUID
    step: LoginStep
    words: str
    account: str
    code_by: CodeBy | None
    note: str
    shops: tuple[Shop, ...]
    refusal: LoginRefusal | None
    retry_at: datetime | None
    expires_at: datetime
    store_id: UUID | None
    is_new_store: bool

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen to it."""
        return self.step in (LoginStep.DONE, LoginStep.REFUSED, LoginStep.CANCELLED)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What an unfinished sign-in must not forget and nobody may read; kept encrypted."""

    email: str = ""
    phone: str = ""
    password: str = field(default="", repr=False)
    keep_password: bool = False
    code: str = field(default="", repr=False)
    shop: str = ""
    cookies: tuple[dict[str, object], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class LoginJob:
    """A sign-in in a worker's hands."""

    id: UUID
    user_id: UUID
    store_id: UUID | None
    is_refresh: bool
    step: LoginStep
    code_by: CodeBy | None
    wrong_codes: int
    was_typed: bool
    """A worker that is gone has typed this step already; what Kaspi said to it, nobody knows."""
    secrets: Secrets
