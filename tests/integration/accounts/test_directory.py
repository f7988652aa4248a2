"""People found by anything, a page by a cursor at a time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from accounts_scene import Scene
from admin_scene import BOX, add_admin
from records import add_store, add_user
from sqlalchemy import text

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.domain.accounts import directory
from cube_demper.domain.accounts.directory_schemas import PeopleFilter
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan
from cube_demper.models.messaging import WhatsAppSession


async def _find(scene: Scene, actor: Actor, search: str = "", **narrowed: str) -> list[str]:
    async with scene.db.read() as tx:
        found = await directory.page(
            tx,
            actor,
            PeopleFilter(search=search, **narrowed),
            cursor="",
            secrets=BOX,
            now=scene.clock.now(),
        )
    return [it.email for it in found.rows]


@pytest.fixture
async def admin(scene: Scene) -> Actor:
    return await add_admin(scene)


async def _people(scene: Scene) -> dict[str, UUID]:
    now, made = scene.clock.now(), {}
    async with scene.db.write() as tx:
        for email, name, plan, more in (
            ("aigul@mail.kz", "Айгуль Сериккызы", Plan.PRO, {}),
            ("aidar_shop@mail.kz", "Айдар Ким", None, {"is_blocked": True}),
            ("sveta@inbox.kz", "Светлана Ким", Plan.BASIC, {}),
            ("100%@inbox.kz", "O'Brien | & !", None, {}),
        ):
            user = await add_user(tx, plan=plan, now=now, email=email, full_name=name, **more)
            made[email] = user.id
        sveta = await tx.get_one(User, made["sveta@inbox.kz"])
        sveta.email_confirmed_at = None
        await add_store(tx, sveta, needs_reauth=True)
        phone = "+77010000001"
        tx.add(
            WhatsAppSession(
                user_id=made["aigul@mail.kz"],
                name="s1",
                phone=BOX.encrypt(phone),
                phone_hash=BOX.fingerprint(phone),
            )
        )
    return made


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("aigul@", ["aigul@mail.kz"]),
        ("AIG", ["aigul@mail.kz"]),
        ("айг", ["aigul@mail.kz"]),
        ("ким", ["aidar_shop@mail.kz", "sveta@inbox.kz"]),
        ("ким свет", ["sveta@inbox.kz"]),
        ("8 701 000 00 01", ["aigul@mail.kz"]),
        ("100%", ["100%@inbox.kz"]),
        ("%", []),
        ("aidar_", ["aidar_shop@mail.kz"]),
        ("aidar-", []),
        ("o'brien", ["100%@inbox.kz"]),
        ("никого", []),
        ("& | !", []),
        ("' OR 1=1 --", []),
    ],
)
async def test_found_by_anything(scene: Scene, admin: Actor, search: str, found: list[str]) -> None:
    await _people(scene)
    assert sorted(await _find(scene, admin, search)) == found


async def test_found_by_the_beginning_of_the_id(scene: Scene, admin: Actor) -> None:
    made = await _people(scene)
    found = await _find(scene, admin, str(made["sveta@inbox.kz"])[:13])
    assert found == ["sveta@inbox.kz"]


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"tab": "blocked"}, ["aidar_shop@mail.kz"]),
        ({"tab": "admin"}, ["boss@example.kz"]),
        ({"tab": "support"}, []),
        ({"plan": "pro"}, ["aigul@mail.kz"]),
        ({"plan": "free", "tab": "user"}, ["100%@inbox.kz", "aidar_shop@mail.kz"]),
        ({"email": "no"}, ["sveta@inbox.kz"]),
        ({"stores": "lost"}, ["sveta@inbox.kz"]),
        ({"stores": "with", "plan": "basic", "email": "no"}, ["sveta@inbox.kz"]),
        ({"stores": "with", "plan": "pro"}, []),
        ({"tab": "nonsense", "plan": "nonsense"}, []),
    ],
)
async def test_filters_are_taken_together(
    scene: Scene, admin: Actor, narrowed: dict[str, str], found: list[str]
) -> None:
    await _people(scene)
    assert sorted(await _find(scene, admin, **narrowed)) == found


async def test_pages_meet_without_gaps_or_repeats_there_and_back(
    scene: Scene, admin: Actor
) -> None:
    async with scene.db.write() as tx:
        for number in range(120):
            user = await add_user(tx, plan=None)
            # Many of one moment: the id decides.
            user.created_at = scene.clock.now() - timedelta(minutes=number // 50)
    seen, cursor, back = [], "", []
    async with scene.db.read() as tx:
        while True:
            page = await directory.page(
                tx, admin, PeopleFilter(), cursor=cursor, secrets=BOX, now=scene.clock.now()
            )
            seen.append([it.id for it in page.rows])
            if not page.older:
                break
            cursor = page.older
        while page.newer:
            page = await directory.page(
                tx, admin, PeopleFilter(), cursor=page.newer, secrets=BOX, now=scene.clock.now()
            )
            back.append([it.id for it in page.rows])
    assert [len(it) for it in seen] == [50, 50, 21]
    assert len({it for page in seen for it in page}) == 121
    assert back == [seen[1], seen[0]]


@pytest.mark.parametrize("cursor", ["x", "2026-11-22_", "<", "2026-11-22T00:00:00_x", "'"])
async def test_a_broken_cursor_is_the_first_page(scene: Scene, admin: Actor, cursor: str) -> None:
    async with scene.db.read() as tx:
        page = await directory.page(
            tx, admin, PeopleFilter(), cursor=cursor, secrets=BOX, now=scene.clock.now()
        )
    assert [it.email for it in page.rows] == ["boss@example.kz"]


async def test_the_card_has_it_all_and_only_admins_read_it(scene: Scene, admin: Actor) -> None:
    made = await _people(scene)
    sveta = made["sveta@inbox.kz"]
    async with scene.db.read() as tx:
        card = await directory.card(tx, admin, sveta, scene.clock.now())
        assert card.plan.plan == Plan.BASIC
        assert [it.needs_reauth for it in card.stores] == [True]
        with pytest.raises(NotFound):
            await directory.card(tx, admin, UUID(int=0), scene.clock.now())
        for role in (Role.USER, Role.SUPPORT, Role.PARTNER, Role.NOBODY):
            with pytest.raises(PermissionDenied):
                await directory.card(tx, Actor(role, sveta), sveta, scene.clock.now())
            with pytest.raises(PermissionDenied):
                await _find(scene, Actor(role, sveta))


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("is_blocked = true AND deleted_at IS NULL", "ix_users_shut_out"),
        ("role = 'admin' AND role != 'user'", "ix_users_staff"),
    ],
)
async def test_a_small_index_serves_rare_people(scene: Scene, asked: str, index: str) -> None:
    """The condition of a partial index must stay implied by what the list asks."""
    async with scene.db.read() as tx:
        await tx.execute(text("SET LOCAL enable_seqscan = off"))
        await tx.execute(text("SET LOCAL enable_sort = off"))
        query = f"SELECT * FROM users WHERE {asked} ORDER BY created_at DESC, id DESC LIMIT 51"  # noqa: S608
        rows = await tx.scalars(text(f"EXPLAIN {query}"))
        assert index in " ".join(rows.all())
