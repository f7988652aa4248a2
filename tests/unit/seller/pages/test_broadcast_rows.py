"""Broadcasts in words: the list's line, the check, how far one is; the form there and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.messaging.broadcasts.schemas import (
    Audience,
    BroadcastStatus,
    BroadcastView,
    Cause,
    Check,
    Choices,
    Danger,
    Exclusion,
    Forecast,
    Progress,
    Reach,
    Risk,
)
from cube_demper.domain.messaging.gate_schemas import Reason
from cube_demper.seller.pages.whatsapp_broadcast.form import draft_of, form_of
from cube_demper.seller.pages.whatsapp_broadcast.rows import check_view, reach_view, standing_view
from cube_demper.seller.pages.whatsapp_broadcasts.rows import broadcast_row

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)
STORE = uuid4()
VIEW = BroadcastView(
    id=UUID(int=1),
    name="Осень",
    status=BroadcastStatus.RUNNING,
    text_ru="Здравствуйте!",
    text_kk="",
    audience=Audience(store_ids=(STORE,), since=date(2026, 1, 1), least_orders=2),
    session_id=uuid4(),
    written_at=NOW,
    started_at=NOW,
    ended_at=None,
    progress=Progress(
        people=10, waiting=4, sent=3, failed=1, unknown=1, dropped={Reason.OPTED_OUT: 1},
        delivered=3, read=2, answered=1,
    ),
    forecast=Forecast(2, 3, date(2026, 11, 28)),
)  # fmt: skip


def test_the_line_of_the_list() -> None:
    row = broadcast_row(VIEW, NOW)
    assert (row.done, row.read, row.answered) == ("6 из 10\u00a0человек", "2", "1")
    draft = replace(VIEW, status=BroadcastStatus.DRAFT, progress=Progress(), started_at=None)
    assert (broadcast_row(draft, NOW).done, broadcast_row(draft, NOW).when[:7]) == ("—", "Создана")


def test_how_far_it_is() -> None:
    shown = standing_view(VIEW, NOW)
    assert (shown.left, shown.ends) == (
        "4\u00a0человека",
        "Закончится примерно 28\u00a0ноября",
    )
    assert shown.others == [
        ("Покупатель просил не писать", "1"),
        ("WhatsApp отказал", "1"),
        ("Неизвестно, дошло ли: повторять не будем", "1"),
    ]
    paused = standing_view(replace(VIEW, status=BroadcastStatus.PAUSED), NOW)
    assert paused.ends == "На паузе: никому не пишем"
    stopped = replace(VIEW, status=BroadcastStatus.STOPPED, ended_at=NOW, forecast=None)
    assert standing_view(stopped, NOW).ends.startswith("Остановлена ")
    held = standing_view(replace(VIEW, held=Reason.NIGHT), NOW)
    assert held.held == "Тихие часы: ночью никому не пишем."


def test_what_is_told_before_the_start() -> None:
    reach = Reach(3, 2, {Exclusion.OPTED_OUT: 1}, hidden_orders=4)
    shown = reach_view(reach)
    assert (shown.words, shown.cold) == ("3\u00a0человека", "Из них сами вам не писали: 2")
    assert shown.facts == [("Просили не писать", "1"), ("Заказы со скрытым телефоном", "4")]
    told = Check(reach, Forecast(366, 0, None), Risk(Danger.HIGH, (Cause.LINK,)), [], "Нет номера")
    view = check_view(told)
    assert (view.days, view.tone, view.is_open) == ("Больше года", "red", False)
    assert "ссылка" in view.causes[0]
    assert view.ends.startswith("Сообщения о заказах занимают")
    crowd = check_view(replace(told, forecast=Forecast(366, 100, None)))
    assert crowd.ends == "До 100 в день: закончится позже чем через год"


def test_the_form_is_read_as_it_was_shown() -> None:
    form = form_of(VIEW, Choices([(STORE, "А"), (uuid4(), "Б")], [], [], []))
    assert [it.is_chosen for it in form.stores] == [True, False]
    assert draft_of(form).audience == VIEW.audience
    for name, wrong in (("since", "2026-02-30"), ("least_orders", "-1"), ("rest_days", "много")):
        with pytest.raises(InvalidInput) as refused:
            draft_of(replace(form, **{name: wrong}))
        assert refused.value.field == name
