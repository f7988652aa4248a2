"""Managers learn what their right is about, in the bell and beyond it; nobody else does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts_scene import Postbox
from records import add_store, add_user, seller
from sqlalchemy import select

from cube_demper.db.session import Database
from cube_demper.domain.accounts import staff
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.notifications import planning, wishes
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.delivering import Carrier, mail_digest
from cube_demper.domain.notifications.kinds import KINDS
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.stores import service as stores
from cube_demper.models.accounts import User
from cube_demper.models.staff import Area, StaffMember
from cube_demper.models.stores import ReauthReason
from cube_demper.models.telling import NotificationDelivery, TelegramLink, TellChannel

NOON = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)
BOTH = frozenset({TellChannel.MAIL, TellChannel.TELEGRAM})


@dataclass
class Firm:
    """A seller with somebody who works for them."""

    db: Database
    owner: User
    manager: User
    member: StaffMember

    @property
    def at_work(self) -> Actor:
        return Actor(Role.USER, self.manager.id, self.manager.email, acts_for=self.owner.id)

    async def tell(self, kind: str, key: str = "1", words: str = "новость") -> None:
        told = Tell(user_id=self.owner.id, kind=kind, title=words, body="Тело.", dedupe_key=key)
        async with self.db.write() as tx:
            await notifications.notify_group(tx, SYSTEM, told, NOON)

    async def bell(self, actor: Actor | None = None) -> list[tuple[str, str]]:
        async with self.db.read() as tx:
            rows = await notifications.list_latest(tx, actor or self.at_work)
            assert await notifications.count_unread(tx, actor or self.at_work) == len(rows)
        return [(row.kind, row.title) for row in rows]


async def _firm(db: Database, rights: list[Area], **columns: Any) -> Firm:
    async with db.write() as tx:
        owner, manager = await add_user(tx, full_name="Айгуль"), await add_user(tx)
        given = {"accepted_at": NOON, "rights": [str(it) for it in rights]} | columns
        member = StaffMember(
            owner_id=owner.id,
            user_id=manager.id,
            email=manager.email,
            expires_at=NOON + timedelta(days=7),
            **given,
        )
        tx.add(member)
    return Firm(db, owner, manager, member)


@pytest.mark.parametrize(
    ("rights", "kinds"),
    [
        ([Area.PRICES], {"floor_hit"}),
        ([Area.STORES], {"needs_reauth"}),
        ([Area.PRICES, Area.STORES], {"floor_hit", "needs_reauth"}),
        ([], set()),
    ],
)
async def test_a_manager_hears_what_their_right_is_about(
    db: Database, rights: list[Area], kinds: set[str]
) -> None:
    firm = await _firm(db, rights)
    for kind in ("floor_hit", "needs_reauth", "staff", "export_ready", "a kind of another release"):
        await firm.tell(kind, key=kind)
    assert {kind for kind, _ in await firm.bell()} == kinds
    assert len(await firm.bell(seller(firm.owner))) == 5


@pytest.mark.parametrize(
    "columns", [{"accepted_at": None}, {"revoked_at": NOON}], ids=["only invited", "let go"]
)
async def test_who_does_not_work_here_hears_nothing(db: Database, columns: dict[str, Any]) -> None:
    firm = await _firm(db, [Area.PRICES], **columns)
    await firm.tell("floor_hit")
    assert await firm.bell() == []
    async with db.write() as tx:
        await planning.plan(tx, NOON, BOTH)
        told = (await tx.scalars(select(NotificationDelivery))).all()
    assert {it.user_id for it in told} <= {firm.owner.id}


async def test_a_shut_out_manager_hears_nothing(db: Database) -> None:
    firm = await _firm(db, [Area.PRICES])
    async with db.write() as tx:
        (await tx.get_one(User, firm.manager.id)).is_blocked = True
    await firm.tell("floor_hit")
    assert await firm.bell() == []


async def test_it_is_read_in_the_cabinet_it_is_about_and_read_by_each(db: Database) -> None:
    firm = await _firm(db, [Area.PRICES])
    await firm.tell("floor_hit")
    assert await firm.bell(seller(firm.manager)) == []
    async with db.write() as tx:
        await notifications.mark_read(tx, firm.at_work, NOON)
    async with db.read() as tx:
        assert await notifications.count_unread(tx, firm.at_work) == 0
        page = await notifications.list_page(tx, firm.at_work, tab="floor_hit")
    assert [(row.title, row.body) for row in page.rows] == [("новость", "Кабинет: Айгуль. Тело.")]
    assert await firm.bell(seller(firm.owner)) == [("floor_hit", "новость")]


async def test_a_group_that_grows_is_corrected_for_both_and_told_once(db: Database) -> None:
    firm = await _firm(db, [Area.PRICES])
    await firm.tell("floor_hit", words="1 товар")
    await firm.tell("floor_hit", words="2 товара")
    assert await firm.bell() == await firm.bell(seller(firm.owner)) == [("floor_hit", "2 товара")]


async def test_letters_and_chats_follow_the_managers_own_wishes(db: Database) -> None:
    firm = await _firm(db, [Area.PRICES, Area.STORES])
    async with db.write() as tx:
        tx.add(TelegramLink(user_id=firm.manager.id, chat_id=7))
        await wishes.switch_kind(tx, firm.at_work, kind="needs_reauth", channel="mail", is_on=False)
    await firm.tell("needs_reauth", key="sign in")
    await firm.tell("price_war", key="war")
    async with db.write() as tx:
        await planning.plan(tx, NOON, BOTH)
        rows = (await tx.scalars(select(NotificationDelivery))).all()
    mine = [it.channel for it in rows if it.user_id == firm.manager.id]
    assert sorted(mine) == ["mail", "telegram", "telegram"]
    post = Postbox()
    due = NOON.replace(minute=30)
    assert await mail_digest(Carrier(db, "https://c.kz", post), firm.manager.id, due) == 1
    assert [to for to, _ in post.letters] == [firm.manager.email]


async def test_who_loses_a_right_loses_what_it_told_on_its_way_too(db: Database) -> None:
    firm = await _firm(db, [Area.PRICES, Area.STORES])
    await firm.tell("floor_hit", key="floor")
    await firm.tell("needs_reauth", key="sign in")
    async with db.write() as tx:
        await planning.plan(tx, NOON, BOTH)
        await staff.change_rights(tx, seller(firm.owner), firm.member.id, [Area.STORES])
    assert await firm.bell() == [("needs_reauth", "новость")]
    async with db.write() as tx:
        await staff.revoke(tx, seller(firm.owner), firm.member.id, NOON)
    assert await firm.bell() == []
    post = Postbox()
    due = NOON.replace(minute=30)
    assert await mail_digest(Carrier(db, "https://c.kz", post), firm.manager.id, due) == 0
    assert len(await firm.bell(seller(firm.owner))) == 2


async def test_what_a_worker_says_of_a_store_reaches_its_manager(db: Database) -> None:
    firm = await _firm(db, [Area.STORES])
    async with db.write() as tx:
        store = await add_store(tx, firm.owner, name="Тау")
        reason = ReauthReason.SMS_REQUIRED
        await stores.mark_needs_reauth(tx, SYSTEM, store.id, reason, NOON)
    assert await firm.bell() == [("needs_reauth", "«Тау»: войдите в Kaspi заново")]


def test_what_is_the_sellers_own_is_no_managers() -> None:
    own = {code for code, kind in KINDS.items() if kind.area is None}
    plans = {"plan_ending", "payment_due", "plan_landed", "plan_paid"}
    assert own == {"telegram_off", "staff", "export_ready", "announcement"} | plans
