"""What the page of connecting says of a refusal, and the way out of it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote
from uuid import UUID

import pytest
from records import NOON

from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.stores.card_schemas import Shelf, StoreCard
from cube_demper.domain.stores.schemas import StoreBot, WorkHours
from cube_demper.domain.stores.signing_in_schemas import SignInStep
from cube_demper.models.stores import BotMode, Channel, LoginRefusal, LoginStep
from cube_demper.models.syncing import SyncState
from cube_demper.seller.pages.connect.reading import Picture
from cube_demper.seller.pages.connect.rows import view_of

_ID = UUID(int=7)


def _refused(refusal: LoginRefusal) -> Picture:
    return Picture(_step(refusal), None, None, "help@example.kz")


def _step(refusal: LoginRefusal) -> SignInStep:
    return SignInStep(
        id=_ID,
        step=LoginStep.REFUSED,
        words="Не вышло.",
        account="se•••@example.kz",
        code_by=None,
        note="",
        shops=(),
        refusal=refusal,
        retry_at=None,
        expires_at=NOON,
        store_id=None,
        is_new_store=False,
    )


def test_a_dead_worker_of_sign_ins_is_said() -> None:
    assert view_of(Picture(None, None, None)).is_served
    assert not view_of(Picture(None, None, None, is_served=False)).is_served


def test_a_store_that_somebody_else_proved_leads_to_support_with_what_it_needs() -> None:
    link = unquote(view_of(_refused(LoginRefusal.TAKEN)).support)
    assert link.startswith("mailto:help@example.kz?subject=Мой магазин")
    assert str(_ID) in link
    assert "se•••@example.kz" in link


@pytest.mark.parametrize("refusal", sorted(set(LoginRefusal) - {LoginRefusal.TAKEN}))
def test_what_a_person_can_mend_alone_does_not(refusal: LoginRefusal) -> None:
    assert view_of(_refused(refusal)).support == ""


def _connected(goods: int) -> Picture:
    """Return a store whose first reading has found so many goods."""
    store = StoreBot(
        id=_ID,
        user_id=_ID,
        name="Тау Маркет",
        merchant_id="30000001",
        channel=Channel.CABINET,
        is_active=True,
        needs_reauth=False,
        reauth_reason=None,
        has_session=True,
        sends_blocked_until=None,
        synced_at=NOON,
        is_enabled=True,
        mode=BotMode.SUGGEST,
        hours=WorkHours(),
        check_interval_minutes=15,
    )
    run = SyncRun(
        id=_ID,
        store_id=_ID,
        state=SyncState.DONE,
        created_at=NOON,
        started_at=NOON,
        finished_at=NOON,
        next_page=0,
        is_list_read=True,
        total=goods,
        goods_read=goods,
        added=goods,
        changed=0,
        removed=0,
        tries=0,
        trouble="",
        suspected=None,
    )
    card = StoreCard(store, Shelf(goods, goods), 1, 1, "", False, NOON, run)
    step = replace(_step(LoginRefusal.FLOOD), step=LoginStep.DONE, refusal=None)
    return Picture(step, None, card)


def test_a_cabinet_without_goods_is_not_sent_on_to_ten_suggestions() -> None:
    view = view_of(_connected(0))
    assert (view.screen, view.is_empty) == ("sync", True)
    assert view.sync.result == "В кабинете нет товаров в продаже"
    assert not view_of(_connected(12)).is_empty
