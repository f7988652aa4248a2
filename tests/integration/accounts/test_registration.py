from __future__ import annotations

import pytest
from accounts_scene import Scene
from sqlalchemy import func, select

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.domain.accounts import people
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.errors import TooManyAttempts
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Role, Visitor
from cube_demper.models.accounts import User, UserToken
from cube_demper.models.billing import Subscription


async def find(scene: Scene, email: str) -> User:
    async with scene.db.read() as tx:
        return (await tx.scalars(select(User).where(User.email == email))).one()


class TestRegister:
    async def test_makes_a_seller_with_a_trial(self, scene: Scene) -> None:
        await scene.register("a@example.kz", full_name=" Айгерим ")
        user = await find(scene, "a@example.kz")
        assert (user.role, user.full_name) == ("user", "Айгерим")
        assert user.email_confirmed_at is None
        assert user.referral_code == str(user.id)[:8]
        async with scene.db.read() as tx:
            trial = await tx.scalar(select(Subscription))
        assert (trial.user_id, trial.plan, trial.is_trial) == (user.id, "pro", True)
        assert (trial.current_period_end - trial.current_period_start).days == 14

    async def test_letter_confirms_the_mailbox(self, scene: Scene) -> None:
        await scene.register("a@example.kz")
        await scene.deliver()
        await scene.confirm(scene.post.link_token())
        assert (await find(scene, "a@example.kz")).email_confirmed_at == scene.clock.now()

    async def test_known_email_gets_another_letter_and_the_same_answer(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        before = (await find(scene, "a@example.kz")).password_hash
        assert await scene.register("A@example.kz") is None
        await scene.deliver()
        assert "Вы уже зарегистрированы" in scene.post.letters[0][1].subject
        assert (await find(scene, "a@example.kz")).password_hash == before

    async def test_known_email_costs_the_same_hashing(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await scene.add("a@example.kz")
        hashed = []

        async def spy(password: str) -> str:
            hashed.append(password)
            return "$argon2id$"

        monkeypatch.setattr(people.passwords, "hash_password", spy)
        await scene.register("a@example.kz")
        await scene.register("b@example.kz")
        assert len(hashed) == 2

    async def test_the_queue_holds_no_token_and_no_address(self, scene: Scene) -> None:
        await scene.register("a@example.kz")
        (message,) = await scene.queued()
        assert set(message.payload) == {"user_id", "asked_at"}
        async with scene.db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(UserToken)) == 0

    async def test_refusal_leaves_nothing(self, scene: Scene) -> None:
        with pytest.raises(InvalidInput) as refused:
            await scene.register("a@example.kz", password="короткий")
        assert refused.value.field == "password"
        assert await scene.queued() == []

    @pytest.mark.parametrize(
        "email", ["", "a", "a@", "a@b", "a b@example.kz", "a@example.kz\nBcc: x"]
    )
    async def test_refuses_what_is_no_email(self, scene: Scene, email: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            await scene.register(email)
        assert refused.value.field == "email"

    async def test_needs_consent(self, scene: Scene) -> None:
        with pytest.raises(InvalidInput) as refused:
            await scene.register("a@example.kz", has_agreed=False)
        assert refused.value.field == "agree"
        with pytest.raises(InvalidInput) as refused:
            await scene.register("nonsense", password="123", has_agreed=False)
        assert set(refused.value.faults) == {"email", "password", "agree"}

    async def test_a_friends_code_is_remembered(self, scene: Scene) -> None:
        friend = await scene.add("friend@example.kz")
        await scene.register("a@example.kz", referral_code=str(friend)[:8].upper())
        assert (await find(scene, "a@example.kz")).referred_by == friend

    async def test_an_unknown_code_is_no_obstacle(self, scene: Scene) -> None:
        await scene.register("a@example.kz", referral_code="zzzzzzzz")
        assert (await find(scene, "a@example.kz")).referred_by is None

    async def test_is_limited_by_address(self, scene: Scene) -> None:
        for number in range(20):
            await scene.register(f"a{number}@example.kz")
        with pytest.raises(TooManyAttempts):
            await scene.register("a20@example.kz")


class TestConfirm:
    async def test_again_is_fine(self, scene: Scene) -> None:
        await scene.register("a@example.kz")
        await scene.deliver()
        token = scene.post.link_token()
        assert await scene.confirm(token)
        scene.clock.move(days=5)
        assert await scene.confirm(token)

    async def test_link_dies_after_3_days(self, scene: Scene) -> None:
        await scene.register("a@example.kz")
        await scene.deliver()
        scene.clock.move(days=3)
        assert not await scene.confirm(scene.post.link_token())

    async def test_a_reset_link_confirms_nothing(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        await scene.request_reset("a@example.kz")
        await scene.deliver()
        assert not await scene.confirm(scene.post.link_token())

    async def test_letter_is_sent_again_only_to_whoever_needs_it(self, scene: Scene) -> None:
        await scene.register("new@example.kz")
        await scene.add("confirmed@example.kz")
        for email in ("new@example.kz", "confirmed@example.kz", "nobody@example.kz"):
            async with scene.db.write() as tx:
                await accounts.request_confirmation(
                    tx,
                    NOBODY,
                    email,
                    visitor=Visitor(ip="10.0.0.1"),
                    attempts=scene.attempts,
                    now=scene.clock.now(),
                )
        assert [message.topic for message in await scene.queued()] == ["mail.confirm_email"] * 2


class TestCreateUser:
    async def test_is_for_operators(self, scene: Scene) -> None:
        with pytest.raises(PermissionDenied):
            async with scene.db.write() as tx:
                await accounts.create_user(
                    tx,
                    NOBODY,
                    email="a@example.kz",
                    password="три слова подряд",
                    role=Role.ADMIN,
                    now=scene.clock.now(),
                )

    async def test_same_email_twice_is_a_conflict(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        with pytest.raises(Conflict):
            await scene.add("A@example.kz", role=Role.ADMIN)

    async def test_staff_get_no_trial(self, scene: Scene) -> None:
        await scene.add("root@example.kz", role=Role.ADMIN)
        async with scene.db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(Subscription)) == 0

    async def test_operator_confirms_by_hand(self, scene: Scene) -> None:
        await scene.register("a@example.kz")
        async with scene.db.write() as tx:
            await accounts.confirm_user(tx, SYSTEM, "A@example.kz", scene.clock.now())
        assert (await find(scene, "a@example.kz")).email_confirmed_at is not None


async def test_referral_code_is_redrawn_on_collision(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await scene.add("a@example.kz")
    free = type(taken)("11111111-2222-4333-8444-555555555555")
    clash = type(taken)(f"{str(taken)[:8]}-2222-4333-8444-555555555555")
    drawn = iter([clash, free])
    monkeypatch.setattr(people, "new_id", lambda: next(drawn))
    assert await scene.add("b@example.kz") == free
