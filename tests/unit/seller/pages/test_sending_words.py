"""What sellers read of queued, sent, seen and never shown prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from records import NOON

from cube_demper.domain.catalog.view_schemas import LogEntry
from cube_demper.domain.pricing.forecast import Forecast, QueuePlace
from cube_demper.domain.pricing.proof import NotShown
from cube_demper.domain.pricing.proofs import StoreProof
from cube_demper.domain.stores.schemas import StoreBot, StoreStatus, WorkHours
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import BotMode, Channel
from cube_demper.seller.pages.bot.proof import proof_view
from cube_demper.seller.pages.bot.shortage import Shortage, shortage_of
from cube_demper.seller.pages.product.entries import entry_view
from cube_demper.seller.pages.product.proof import proof_words, queue_words

SENT = NOON - timedelta(minutes=2) + timedelta(seconds=10)  # 11:58:10 in Almaty


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _after(seconds: float) -> datetime:
    return SENT + timedelta(seconds=seconds)


def _entry(status: PriceStatus, **changes: Any) -> LogEntry:
    given: dict[str, Any] = {
        "note": None,
        "sent_at": SENT,
        "confirmed_at": None,
        "unseen_at": None,
        "look_at": None,
        "attempt": 1,
    }
    return LogEntry(
        id=uuid4(),
        at=SENT,
        city_id="750000000",
        headline="Снижаем",
        text="",
        status=status,
        reason="undercut",
        old_price=1_000_000,
        new_price=990_000,
        needs_consent=False,
        **(given | changes),
    )


def _words(status: PriceStatus, **changes: Any) -> str:
    return _plain(proof_words(_entry(status, **changes), NOON, None))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"confirmed_at": _after(90)}, "11:59:40, не позже чем через 90 с"),
        ({"confirmed_at": _after(38), "unseen_at": _after(35)}, "11:58:48, через 38 с"),
        (
            {"confirmed_at": _after(38), "unseen_at": _after(20)},
            "11:58:48, между 20 с и 38 с после отправки",
        ),
        ({"confirmed_at": _after(600)}, "12:08:10, не позже чем через 10 мин"),
    ],
)
def test_a_seen_price_says_no_more_than_the_looks_know(changes: dict[str, Any], words: str) -> None:
    seen = _words(PriceStatus.CONFIRMED, **changes)
    assert seen == f"Отправлено 11:58:10 → на витрине {words}"


def test_a_send_says_what_happens_next() -> None:
    looks = {"look_at": _after(240), "unseen_at": _after(90)}
    first = _words(PriceStatus.SENT, look_at=NOON + timedelta(minutes=3))
    later = _words(PriceStatus.SENT, **looks)
    last = _words(PriceStatus.SENT, **(looks | {"look_at": _after(540)}))
    second = _words(PriceStatus.SENT, **(looks | {"look_at": _after(540), "attempt": 2}))
    assert first == "Отправлено 11:58:10. Посмотрим на витрину в 12:03"
    assert later == "Отправлено 11:58:10. Пока не видно. Ещё раз посмотрим в 12:02"
    assert last.endswith("Ещё раз посмотрим в 12:07, не увидим — отправим второй раз")
    assert second.startswith("Отправлено второй раз 11:58:10. Пока не видно.")
    assert second.endswith("не увидим — скажем вам")


def test_a_lost_answer_a_retry_and_the_end_are_said() -> None:
    lost = _words(PriceStatus.UNKNOWN, look_at=NOON + timedelta(seconds=10), note="timeout")
    assert lost == "Отправлено 11:58:10, Kaspi не ответил. Посмотрим на витрину в 12:00"
    retry = _words(PriceStatus.QUEUED, unseen_at=_after(540))
    assert retry == "На витрине цены нет: отправим второй раз. Ждёт отправки в Kaspi"
    note = "Kaspi принял цену, но не показал её: проверьте товар в кабинете."
    ended = _entry(PriceStatus.REFUSED, note=note, attempt=2, unseen_at=_after(540))
    view = entry_view(ended, NOON, {"750000000": "Алматы"})
    assert (view.title, view.code) == ("Kaspi не показал цену", "trouble")
    assert view.note == f"Отправлено второй раз 11:58:10. {note}"
    refused = entry_view(replace(ended, unseen_at=None), NOON, {"750000000": "Алматы"})
    assert (refused.title, refused.note) == ("Kaspi не принял цену", note)


def test_a_price_seen_after_its_second_try_says_when_both_left() -> None:
    first = SENT - timedelta(minutes=10)
    seen = _words(PriceStatus.CONFIRMED, first_sent_at=first, confirmed_at=_after(40), attempt=2)
    assert seen == (
        "Отправлено 11:48:10 и второй раз 11:58:10 → на витрине 11:58:50, "
        "не позже чем через 40 с; с первой отправки 10 мин"
    )


def test_a_waiting_change_says_its_place() -> None:
    place = QueuePlace(37, 160, NOON + timedelta(minutes=140))
    assert _plain(queue_words(place, NOON)) == "Ждёт очереди: 37-й из 160, около 14:20"
    entry = _entry(PriceStatus.QUEUED, sent_at=None, attempt=0)
    assert proof_words(entry, NOON, place) == queue_words(place, NOON)
    assert proof_words(entry, NOON, None) == "Ждёт отправки в Kaspi"
    tomorrow = replace(place, leaves_at=NOON + timedelta(hours=12, minutes=20))
    assert _plain(queue_words(tomorrow, NOON)).endswith(", около 23 ноя, 00:20")


def _status(**changes: Any) -> StoreStatus:
    store = StoreBot(
        id=uuid4(),
        user_id=uuid4(),
        name="Тау Маркет",
        merchant_id="30000001",
        channel=Channel.CABINET,
        is_active=True,
        needs_reauth=False,
        reauth_reason=None,
        has_session=True,
        sends_blocked_until=None,
        synced_at=None,
        is_enabled=True,
        mode=BotMode.AUTO,
        hours=WorkHours(),
        check_interval_minutes=15,
    )
    return StoreStatus(
        store=replace(store, **changes),
        effective_mode=BotMode.AUTO,
        is_open=True,
        opens_at=None,
        bots=500,
        due=0,
        overdue=0,
        changes_used=225,
        queued=160,
        sending=0,
        last_look_at=None,
        speed_minutes=None,
    )


_SHORT = Forecast(250, 225, 410, 160, NOON + timedelta(minutes=155), 320)


def test_the_forecast_is_said_as_the_seller_needs_it() -> None:
    said = shortage_of(_status(), _SHORT, NOON)
    assert _plain(said.text) == (
        "Kaspi принимает 250 изменений за 30 минут. Сейчас нужно около 410: самые выгодные "
        "уйдут первыми, остальные подождут до 14:35."
    )
    assert _plain(said.missing) == "За последний час не хватило места на 320 изменений."
    assert _plain(said.queue) == "160 изменений ждут очереди на отправку до 14:35"


def test_a_spent_budget_with_a_modest_need_is_said_otherwise() -> None:
    said = shortage_of(_status(), replace(_SHORT, needed=120, queued=1, too_many=0), NOON)
    assert "сейчас место занято. В очереди 1 изменение:" in _plain(said.text)
    assert said.missing == ""
    assert _plain(said.queue) == "1 изменение ждёт очереди на отправку до 14:35"
    close = shortage_of(_status(), replace(_SHORT, needed=254), NOON)
    assert "нужно около 254:" in _plain(close.text)


def test_stock_is_named_where_it_waits_and_alone_waits_while_the_bot_rests_too() -> None:
    both = _plain(shortage_of(_status(), replace(_SHORT, stock=12), NOON).text)
    assert both.endswith(
        "первыми уйдут остатки и предзаказы (12), за ними самые выгодные цены, остальные подождут до 14:35."
    )
    alone = replace(_SHORT, queued=3, needed=3, stock=3)
    said = shortage_of(_status(is_enabled=False), alone, NOON)
    assert "В очереди 3 изменения: это остатки и предзаказы" in _plain(said.text)
    assert shortage_of(_status(is_enabled=False), replace(alone, queued=4), NOON) == Shortage()
    assert shortage_of(_status(needs_reauth=True), alone, NOON) == Shortage()


@pytest.mark.parametrize(
    "changes",
    [
        {"is_enabled": False},
        {"needs_reauth": True},
        {"sends_blocked_until": NOON + timedelta(minutes=5)},
    ],
)
def test_a_store_that_sends_nothing_has_no_forecast(changes: dict[str, Any]) -> None:
    assert shortage_of(_status(**changes), _SHORT, NOON) == Shortage()
    assert shortage_of(_status(), None, NOON) == Shortage()


def test_the_proof_of_a_store_is_one_figure_and_a_list() -> None:
    row = NotShown(uuid4(), uuid4(), "Чайник", "Астана", 990_000, NOON - timedelta(minutes=9))
    view = proof_view(StoreProof(232, timedelta(seconds=40.6), (row, row, row)), NOON)
    assert _plain(view.usual) == "Обычно не позже чем через 41 с"
    assert _plain(view.note) == "медиана за сутки по 232 ценам"
    assert view.count == "3 не показаны"
    assert view.rows[0].link == f"/products/{row.product_id}"
    assert view.rows[0].note == "Астана, отправили дважды, последний раз 11:51"
    alone = proof_view(StoreProof(0, None, (row,)), NOON)
    assert (alone.count, alone.note) == ("1 не показана", "")
    assert not proof_view(None, NOON).is_known


def test_a_price_of_the_price_list_waits_for_kaspi_to_take_it() -> None:
    feed = {"channel": Channel.FEED}
    assert _words(PriceStatus.QUEUED, **feed).startswith("Ждёт, пока Kaspi заберёт прайс-лист")
    said = _words(PriceStatus.SENT, look_at=_after(7200), unseen_at=_after(3600), **feed)
    assert said.startswith("Kaspi забрал прайс-лист")
    assert said.endswith("не увидим — скажем вам")
