"""Why a store works or not, as its line on the customer's card says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cube_demper.domain.stores.schemas import StoreBot, StoreStatus, WorkHours
from cube_demper.domain.stores.staff_schemas import StoreState
from cube_demper.domain.support.customer_schemas import StoreHealth
from cube_demper.domain.support.schemas import Sla
from cube_demper.models.stores import BotMode, Channel, ReauthReason
from support.desk.card_rows import state_of, store_view
from support.desk.words import breaches_of, due_of

NOW = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
STORE = StoreBot(
    id=UUID(int=1),
    user_id=UUID(int=2),
    name="Сатпаев Маркет",
    merchant_id="30410992",
    channel=Channel.CABINET,
    is_active=True,
    needs_reauth=False,
    reauth_reason=None,
    has_session=True,
    sends_blocked_until=None,
    synced_at=NOW - timedelta(minutes=5),
    is_enabled=True,
    mode=BotMode.AUTO,
    hours=WorkHours(),
    check_interval_minutes=5,
)


def health(*, is_open: bool = True, mode: BotMode = BotMode.AUTO, **changes: Any) -> StoreHealth:
    status = StoreStatus(
        store=replace(STORE, **changes), effective_mode=mode, is_open=is_open, opens_at=None,
        bots=138, due=0, overdue=0, changes_used=0, queued=0, sending=0, last_look_at=NOW,
        speed_minutes=None,
    )  # fmt: skip
    return StoreHealth(status, None, None)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (health(), StoreState.WORKS),
        (health(is_open=False), StoreState.RESTING),
        (health(mode=BotMode.SUGGEST), StoreState.NO_PLAN),
        (health(is_enabled=False, mode=BotMode.SUGGEST), StoreState.STOPPED),
        (health(sends_blocked_until=NOW + timedelta(minutes=9)), StoreState.BANNED),
        (health(sends_blocked_until=NOW - timedelta(minutes=9)), StoreState.WORKS),
        (health(needs_reauth=True, is_enabled=False), StoreState.NEEDS_REAUTH),
        (health(needs_reauth=True, keeps_password=True), StoreState.REFRESHING),
        (health(has_session=False), StoreState.NO_SESSION),
        (health(has_session=False, channel=Channel.FEED), StoreState.WORKS),
        (health(is_active=False, needs_reauth=True), StoreState.OFF),
    ],
)
def test_the_first_thing_in_the_way_is_named(found: StoreHealth, state: StoreState) -> None:
    assert state_of(found, NOW, is_blocked=False) is state
    assert state_of(found, NOW, is_blocked=True) is StoreState.OWNER_BLOCKED


def test_a_reason_of_kaspi_is_said_in_words_and_only_what_helps_is_offered() -> None:
    lost = health(needs_reauth=True, reauth_reason=ReauthReason.SMS_REQUIRED)
    shown = store_view(lost, NOW, is_blocked=False)
    assert shown.words == "Kaspi просит код из SMS: войти может только владелец"
    assert (shown.tone, shown.can_resync, shown.can_ask) == ("red", False, True)
    well = store_view(health(), NOW, is_blocked=False)
    assert (well.tone, well.can_resync, well.bots) == ("green", True, "138\u00a0товаров")
    assert well.sync == "Каталог обновлён 5\u00a0мин назад"


def test_a_broken_promise_is_named_with_both_times() -> None:
    sla = Sla(
        answer_due_at=NOW, resolve_due_at=NOW + timedelta(hours=8),
        answered_at=NOW + timedelta(minutes=20), closed_at=None, is_answer_late=True,
        is_resolve_late=False, left=timedelta(hours=8),
    )  # fmt: skip
    assert breaches_of(sla) == [
        "Первый ответ: обещали до 27\u00a0ноя, 12:30, вышло 27\u00a0ноя, 12:50"
    ]
    assert due_of(sla) == ("Решить до", "2026-11-27T20:30:00+05:00")
    assert due_of(replace(sla, closed_at=NOW)) == ("", "")
