"""A shared calculation, as somebody without an account reads it."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs
from web_stage import Site

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.calculations import service
from cube_demper.domain.calculations.schemas import Draft
from cube_demper.models.calculations import CalculationKind

UNIT = {
    "price": "20000",
    "cost": "12000",
    "category": ["Телефоны и гаджеты", "Смартфоны"],
    "regime": "ip_simplified",
    "on": "2026-11-27",
    "weight_kg": "0.5",
}


async def shared(site: Site, title: str = "Смартфон") -> tuple[str, Actor, Any]:
    user_id = await site.scene.add("seller@example.kz")
    actor, now = Actor(Role.USER, user_id, "seller@example.kz"), site.scene.clock.now()
    async with site.services.db.write() as tx:
        draft = Draft(CalculationKind.UNIT, title, {"scenarios": [UNIT, UNIT | {"price": "19000"}]})
        saved_id = await service.keep(tx, actor, draft, now)
        path = await service.share(tx, actor, saved_id, site.services.secrets, now)
    return path, actor, saved_id


async def test_the_reader_sees_the_figures_and_nothing_of_the_seller(site: Site) -> None:
    path, _, saved_id = await shared(site)
    answer = await site.client.get(path)
    assert answer.status_code == 200
    for words in (
        "Смартфон",
        "Сценарий B",
        "20\u00a0000\u00a0₸",
        "12\u00a0000\u00a0₸",
        "27.11.2026",
    ):
        assert words in answer.text
    assert "seller@example.kz" not in answer.text
    assert str(saved_id) not in answer.text
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]


async def test_a_revoked_link_and_a_wrong_one_are_not_found(site: Site) -> None:
    path, actor, saved_id = await shared(site)
    async with site.services.db.write() as tx:
        await service.unshare(tx, actor, saved_id)
    for address in (path, "/c/AAAAAAAAAAAAAAAAAAAAAA"):
        answer = await site.client.get(address)
        assert answer.status_code == 404
        assert "Смартфон" not in answer.text


async def test_a_title_cannot_be_markup(site: Site) -> None:
    path, _, _ = await shared(site, "<img src=x onerror=alert(1)>")
    answer = await site.client.get(path)
    assert "<img src=x" not in answer.text
    assert "&lt;img" in answer.text


async def test_the_log_of_a_failure_does_not_hold_the_token(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _, _ = await shared(site)

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(service, "read_shared", broken)
    # The error itself goes on to the server after the answer was sent.
    with capture_logs() as lines, pytest.raises(RuntimeError):
        await site.client.get(path)
    (line,) = [it for it in lines if it["event"] == "request_failed"]
    assert line["path"] == "/c/{token}"
