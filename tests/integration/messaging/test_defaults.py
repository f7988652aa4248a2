"""The texts for all without their own: changed by admins, followed by sellers, every version kept."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from messaging_scene import Talk
from records import add_user
from sqlalchemy import select
from sqlmodel import col

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging import defaults, templates
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.texts import default_text
from cube_demper.models.operations import AuditEntry

EVENT, RU = TriggerEvent.ORDER_APPROVED, Language.RU
SHIPPED = default_text(EVENT, RU)


def seller(user: object) -> Actor:
    return Actor(Role.USER, user.id)  # type: ignore[attr-defined]


async def _admin(talk: Talk) -> Actor:
    async with talk.db.write() as tx:
        user = await add_user(tx, plan=None, role=Role.ADMIN, email="boss@example.kz")
    return Actor(Role.ADMIN, user.id, ip="10.0.0.1")


async def _save(talk: Talk, admin: Actor, text: str, seen: int) -> int:
    async with talk.db.write() as tx:
        return await defaults.save(tx, admin, EVENT, RU, text, seen=seen)


async def _shown(talk: Talk) -> templates.TemplateView:
    async with talk.db.read() as tx:
        found = await templates.list_templates(tx, seller(talk.user))
    return next(it for it in found if (it.event, it.language) == (EVENT, RU))


async def test_who_wrote_nothing_follows_and_what_waits_says_it(talk: Talk) -> None:
    await talk.order()
    assert await _save(talk, await _admin(talk), "Общий: № {order_code}", 0) == 1
    shown = await _shown(talk)
    assert (shown.text, shown.is_own) == ("Общий: № {order_code}", False)
    assert await talk.work() == ["Общий: № 790686780"]


async def test_who_has_their_own_text_keeps_it(talk: Talk) -> None:
    await talk.order()
    async with talk.db.write() as tx:
        await templates.save(tx, seller(talk.user), EVENT, RU, "Моё: {order_code}")
    admin = await _admin(talk)
    await _save(talk, admin, "Общий", 0)
    shown = await _shown(talk)
    assert (shown.text, shown.is_own) == ("Моё: {order_code}", True)
    async with talk.db.read() as tx:
        reach = (await defaults.open_text(tx, admin, EVENT, RU)).reach
        other = (await defaults.open_text(tx, admin, EVENT, Language.KK)).reach
    assert (reach.sellers, reach.own, other.own) == (1, 1, 0)
    assert await talk.work() == ["Моё: 790686780"]


async def test_a_seller_who_goes_back_or_writes_the_same_follows(talk: Talk) -> None:
    await _save(talk, await _admin(talk), "Общий", 0)
    for text in ("Общий\r\n", SHIPPED):
        async with talk.db.write() as tx:
            await templates.save(tx, seller(talk.user), EVENT, RU, text)
        assert (await _shown(talk)).is_own is (text == SHIPPED)
    async with talk.db.write() as tx:
        await templates.reset(tx, seller(talk.user), EVENT, RU)
    assert (await _shown(talk)).text == "Общий"


async def test_every_version_is_kept_and_the_shipped_one_can_come_back(talk: Talk) -> None:
    admin = await _admin(talk)
    for seen, text in enumerate(["Первый", "Второй", SHIPPED]):
        await _save(talk, admin, text, seen)
    async with talk.db.read() as tx:
        found = await defaults.open_text(tx, admin, EVENT, RU)
        entries = (
            await tx.scalars(
                select(AuditEntry)
                .where(col(AuditEntry.action) == "default_text_changed")
                .order_by(col(AuditEntry.created_at))
            )
        ).all()
    assert [(it.number, it.text, it.who) for it in found.versions] == [
        (3, SHIPPED, "boss@example.kz"),
        (2, "Второй", "boss@example.kz"),
        (1, "Первый", "boss@example.kz"),
        (0, SHIPPED, ""),
    ]
    assert found.now.is_shipped
    assert (await _shown(talk)).text == SHIPPED
    changes = [(it.before, it.after) for it in entries]
    assert changes[1] == ({"text": "Первый"}, {"text": "Второй"})
    assert {it.ip for it in entries} == {"10.0.0.1"}


async def test_two_admins_at_once_one_is_told(talk: Talk) -> None:
    admin = await _admin(talk)
    done = await asyncio.gather(
        _save(talk, admin, "Один", 0), _save(talk, admin, "Другой", 0), return_exceptions=True
    )
    assert sorted(map(str, map(type, done))) == sorted([str(Conflict), str(int)])
    with pytest.raises(Conflict):
        await _save(talk, admin, "Третий", 0)


@pytest.mark.parametrize("text", ["", " \n", "а" * 1001, SHIPPED + "\n"])
async def test_an_empty_endless_or_unchanged_text_is_refused(talk: Talk, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await _save(talk, await _admin(talk), text, 0)
    assert refused.value.field == "text"


@pytest.mark.parametrize("role", [Role.USER, Role.SUPPORT, Role.PARTNER, Role.NOBODY])
async def test_only_admins(talk: Talk, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        await _save(talk, Actor(role, uuid4()), "Мой", 0)
    with pytest.raises(PermissionDenied):
        async with talk.db.read() as tx:
            await defaults.open_text(tx, Actor(role, uuid4()), EVENT, RU)


def test_an_example_is_filled_and_what_is_no_variable_is_named() -> None:
    seen = templates.on_example(EVENT, RU, "{customer_name} {order_total} {скидка} {review_bonus}")
    assert seen.text == "Айгерим Т. 15\xa0000\xa0₸ {скидка} скидка 5 % на следующий заказ"
    assert set(seen.unknown) == {"скидка", "review_bonus"}
