"""The second factor: set up, asked for, never twice with one code, lost and recovered."""

from __future__ import annotations

import pytest
from accounts_scene import Scene
from admin_scene import BOX, add_admin, enrol, entries, guard_of, prove
from sqlalchemy import text

from cube_demper.core.errors import Conflict, PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import codes, second_factor
from cube_demper.domain.accounts.errors import LinkExpired, TooManyAttempts, WrongCode
from cube_demper.domain.accounts.schemas import SYSTEM, Role
from cube_demper.domain.accounts.signing_in import Step

EMAIL = "boss@example.kz"


async def _pass(scene: Scene, half: str, code: str) -> str:
    async with scene.db.write() as tx:
        actor = await second_factor.half_in(tx, half, scene.clock.now())
        await second_factor.check(tx, actor, code, guard_of(scene))
        return await second_factor.finish(tx, actor, half, scene.clock.now())


def _code(scene: Scene, secret: str) -> str:
    return codes.code_at(secret, codes.step_at(scene.clock.now()))


async def test_production_lets_no_admin_in_without_one(scene: Scene) -> None:
    await add_admin(scene)
    proven = await prove(scene, EMAIL, is_strict=True)
    assert proven.step is Step.ENROL
    with pytest.raises(Exception, match="Вход не завершён"):
        await scene.open(proven.code, app=CubeApp.ADMIN)


async def test_support_and_development_get_in_by_the_password(scene: Scene) -> None:
    await add_admin(scene)
    await scene.add("help@example.kz", role=Role.SUPPORT)
    assert (await prove(scene, EMAIL)).step is Step.IN
    support = await prove(scene, "help@example.kz", app=CubeApp.SUPPORT, is_strict=True)
    assert support.step is Step.IN


async def test_the_code_opens_what_the_password_alone_does_not(scene: Scene) -> None:
    admin = await add_admin(scene)
    secret, _ = await enrol(scene, admin)
    scene.clock.move(seconds=30)
    proven = await prove(scene, EMAIL)
    assert proven.step is Step.CODE
    with pytest.raises(Exception, match="Вход не завершён"):
        await scene.open(proven.code, app=CubeApp.ADMIN)
    token = await scene.open(
        await _pass(scene, proven.code, _code(scene, secret)), app=CubeApp.ADMIN
    )
    signed = await scene.who(token, CubeApp.ADMIN)
    assert signed is not None
    assert signed.actor.user_id == admin.user_id


async def test_a_code_seen_over_the_shoulder_is_used_up(scene: Scene) -> None:
    secret, _ = await enrol(scene, await add_admin(scene))
    scene.clock.move(seconds=30)
    code = _code(scene, secret)
    await _pass(scene, (await prove(scene, EMAIL)).code, code)
    with pytest.raises(WrongCode):
        await _pass(scene, (await prove(scene, EMAIL)).code, code)


async def test_the_code_of_the_set_up_does_not_open_the_next_sign_in(scene: Scene) -> None:
    secret, _ = await enrol(scene, await add_admin(scene))
    with pytest.raises(WrongCode):
        await _pass(scene, (await prove(scene, EMAIL)).code, _code(scene, secret))


async def test_a_recovery_code_works_once(scene: Scene) -> None:
    _, kept = await enrol(scene, await add_admin(scene))
    typed = f" {kept[3].upper()} "
    await _pass(scene, (await prove(scene, EMAIL)).code, typed)
    with pytest.raises(WrongCode):
        await _pass(scene, (await prove(scene, EMAIL)).code, typed)
    assert len(await entries(scene.db, "recovery_code_used")) == 1


async def test_guessing_ends_after_five(scene: Scene) -> None:
    secret, _ = await enrol(scene, await add_admin(scene))
    scene.clock.move(minutes=16)
    half = (await prove(scene, EMAIL)).code
    for _ in range(5):
        with pytest.raises(WrongCode):
            await _pass(scene, half, "000000")
    with pytest.raises(TooManyAttempts):
        await _pass(scene, half, _code(scene, secret))


async def test_a_half_sign_in_does_not_wait_for_ever_nor_serve_twice(scene: Scene) -> None:
    secret, kept = await enrol(scene, await add_admin(scene))
    half = (await prove(scene, EMAIL)).code
    await _pass(scene, half, kept[0])
    with pytest.raises(LinkExpired):
        await _pass(scene, half, kept[1])
    late = (await prove(scene, EMAIL)).code
    scene.clock.move(minutes=11)
    with pytest.raises(LinkExpired):
        await _pass(scene, late, _code(scene, secret))


async def test_who_knows_the_password_alone_cannot_set_up_another(scene: Scene) -> None:
    admin = await add_admin(scene)
    await enrol(scene, admin)
    async with scene.db.write() as tx:
        with pytest.raises(Conflict):
            await second_factor.begin(tx, admin, BOX)
        with pytest.raises(Conflict):
            await second_factor.confirm(tx, admin, "000000", guard_of(scene))


async def test_another_admin_resets_it_and_nobody_their_own(scene: Scene) -> None:
    admin, other = await add_admin(scene), await add_admin(scene, "other@example.kz")
    await enrol(scene, admin)
    async with scene.db.write() as tx:
        with pytest.raises(PermissionDenied):
            await second_factor.reset(tx, admin, admin.person_id, scene.clock.now())
        await second_factor.reset(tx, other, admin.person_id, scene.clock.now())
    assert (await prove(scene, EMAIL)).step is Step.IN
    (entry,) = await entries(scene.db, "second_factor_reset")
    assert (entry.actor_id, entry.owner_id) == (other.user_id, admin.user_id)


async def test_nothing_of_it_is_readable_in_the_database(scene: Scene) -> None:
    secret, kept = await enrol(scene, await add_admin(scene))
    async with scene.db.read() as tx:
        rows = await tx.scalars(
            text(
                "SELECT it::text FROM second_factors it UNION ALL SELECT it::text FROM recovery_codes it"
                " UNION ALL SELECT it::text FROM audit_log it"
            )
        )
        written = " ".join(rows.all())
    assert secret not in written
    assert not any(code in written for code in kept)


async def test_new_codes_end_the_old_ones(scene: Scene) -> None:
    admin = await add_admin(scene)
    _, old = await enrol(scene, admin)
    async with scene.db.write() as tx:
        new = await second_factor.new_codes(tx, admin)
    with pytest.raises(WrongCode):
        await _pass(scene, (await prove(scene, EMAIL)).code, old[0])
    assert await _pass(scene, (await prove(scene, EMAIL)).code, new[0])


async def test_the_operator_resets_it_from_a_terminal(scene: Scene) -> None:
    admin = await add_admin(scene)
    await enrol(scene, admin)
    async with scene.db.write() as tx:
        await second_factor.reset(tx, SYSTEM, admin.person_id, scene.clock.now())
    assert (await prove(scene, EMAIL)).step is Step.IN
