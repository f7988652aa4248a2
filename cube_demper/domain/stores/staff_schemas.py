"""Stores as the operator sees them: whose they are, and why each works or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.stores.schemas import Condition


class StoreState(StrEnum):
    """What stands in the way of a store first, in the order in which it is asked."""

    OWNER_BLOCKED = "owner_blocked"
    OFF = "off"
    NO_SESSION = "no_session"
    REFRESHING = "refreshing"
    NEEDS_REAUTH = "needs_reauth"
    BANNED = "banned"
    STOPPED = "stopped"
    NO_PLAN = "no_plan"
    RESTING = "resting"
    WORKS = "works"


REASONS: Final[dict[StoreState, str]] = {
    StoreState.OWNER_BLOCKED: "Доступ владельца закрыт: ничего не проверяется и не отправляется",
    StoreState.OFF: "Магазин отключён владельцем",
    StoreState.NO_SESSION: "В кабинет Kaspi ещё не входили",
    StoreState.REFRESHING: "Вход истёк, обновляем его по сохранённому паролю",
    StoreState.NEEDS_REAUTH: "Ждём, пока владелец войдёт в Kaspi заново",
    StoreState.BANNED: "Kaspi не принимает изменения цен: слишком частая отправка",
    StoreState.STOPPED: "Бот остановлен",
    StoreState.NO_PLAN: "Тариф без отправки цен: бот только советует",
    StoreState.RESTING: "Сейчас не рабочие часы бота",
    StoreState.WORKS: "Проверяет и меняет цены",
}
REAUTH_REASONS: Final = {
    "sms_required": "Kaspi просит код из SMS: войти может только владелец",
    "invalid_credentials": "Kaspi не принял сохранённый пароль: владелец его сменил",
    "credentials_missing": "Вход истёк, а пароль не сохранён",
}


@dataclass(frozen=True, slots=True)
class StoreLine:
    """One store of the list. `changes`: how many left for Kaspi in the last 30 minutes."""

    id: UUID
    name: str
    merchant_id: str
    channel: str
    user_id: UUID
    email: str
    state: StoreState
    reauth_reason: str
    is_enabled: bool
    mode: str
    sends_blocked_until: datetime | None
    synced_at: datetime | None
    goods: int = 0
    bots: int = 0
    errors: int = 0
    last_look_at: datetime | None = None
    changes: int = 0

    @property
    def why(self) -> str:
        """Say in words why it works or not."""
        if self.state is StoreState.NEEDS_REAUTH:
            return REAUTH_REASONS.get(self.reauth_reason, REASONS[self.state])
        return REASONS[self.state]


@dataclass(frozen=True, slots=True)
class SignInTry:
    """One sign-in to Kaspi of a store, or of its seller before there was one."""

    at: datetime
    account: str
    is_refresh: bool
    step: str
    refusal: str


@dataclass(frozen=True, slots=True)
class StoreCard:
    """Everything about one store; `conditions`: its goods by why they are repriced or not."""

    line: StoreLine
    conditions: Sequence[Condition]
    sync: SyncRun | None
    sign_ins: Sequence[SignInTry]
    queued: int
    sending: int
