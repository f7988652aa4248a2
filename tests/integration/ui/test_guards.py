from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import reflex as rx
from accounts_scene import Scene
from structlog.testing import capture_logs

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidFields, InvalidInput, NotFound, PermissionDenied
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Actor, Role
from cube_demper.models.accounts import User
from cube_demper.models.staff import StaffMember
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.session import current_actor


class GuardedState(FormErrors, rx.State):
    seen: list[str] = []  # noqa: RUF012 - a Reflex var
    _actor: Any = None

    @guarded(Role.USER)
    async def mine(self, product_id: str, amount: int = 1) -> None:
        self._actor = current_actor()
        self.seen = [*self.seen, f"{product_id} {amount}"]

    @guarded(Role.USER)
    def stepwise(self) -> Iterator[Any]:
        self._actor = current_actor()
        yield rx.noop()
        return rx.noop()

    @guarded(Role.USER)
    async def streamed(self) -> AsyncIterator[Any]:
        yield rx.noop()
        raise NotFound("Товара нет.")

    @guarded(Role.USER, background=True)
    async def behind(self) -> None:
        self._actor = current_actor()

    @guarded(Role.USER)
    async def look(self) -> None:
        self._actor = current_actor()
        async with bootstrap.web().db.read() as tx:
            await tx.get(User, self._actor.user_id)

    @guarded(Role.USER)
    async def write(self) -> None:
        async with bootstrap.web().db.write() as tx:
            await tx.get(User, current_actor().user_id)

    @guarded(Role.ADMIN, Role.SUPPORT)
    async def theirs(self) -> None:
        self.seen = ["theirs"]

    @guarded(Role.NOBODY)
    async def anybodys(self) -> None:
        self._actor = current_actor()

    @guarded(Role.USER)
    async def fail(self, kind: str) -> None:
        self.is_busy = True
        errors: dict[str, Exception] = {
            "field": InvalidInput("Мин. цена больше макс.", field="min_price"),
            "fields": InvalidFields({"email": "Опечатка.", "agree": "Нужно согласие."}),
            "support": NotFound("Магазина нет, напишите в поддержку."),
            "domain": NotFound("Товара нет."),
            "denied": PermissionDenied(),
            "bug": ZeroDivisionError("secret detail"),
        }
        raise errors[kind]


async def tab(scene: Scene, new_tab: Any, email: str = "a@example.kz") -> Any:
    await scene.add(email)
    root = new_tab(await scene.sign_in(email))
    return await root.get_state(GuardedState)


def text_of(event: Any) -> str:
    return str(event.args)


def leads_to_sign_in(event: Any) -> bool:
    return "_redirect" in str(event.handler.fn) and "/login?next=%2Fproducts" in text_of(event)


class TestWho:
    async def test_actor_is_the_cookies_owner(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        await state.mine("p1")
        assert (state._actor.role, state._actor.email) == (Role.USER, "a@example.kz")

    async def test_without_a_session_the_handler_does_not_run(self, new_tab: Any) -> None:
        state = await new_tab().get_state(GuardedState)
        assert leads_to_sign_in(await state.mine("p1"))
        assert state.seen == []

    async def test_a_made_up_token_is_no_session(self, new_tab: Any) -> None:
        state = await new_tab("made-up").get_state(GuardedState)
        assert leads_to_sign_in(await state.mine("p1"))

    async def test_another_role_does_not_pass(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        assert leads_to_sign_in(await state.theirs())
        assert state.seen == []

    async def test_public_handlers_act_for_nobody(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        await state.anybodys()
        assert state._actor == NOBODY

    async def test_nobody_acts_after_the_event(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        await state.mine("p1")
        with pytest.raises(PermissionDenied):
            current_actor()

    async def test_two_people_at_the_same_time_do_not_mix(self, scene: Scene, new_tab: Any) -> None:
        first = await tab(scene, new_tab)
        second = await tab(scene, new_tab, "b@example.kz")
        await asyncio.gather(*(state.mine("p1") for state in (first, second) * 5))
        assert (first._actor.email, second._actor.email) == ("a@example.kz", "b@example.kz")

    async def test_the_address_to_come_back_to_is_kept(self, new_tab: Any) -> None:
        state = await new_tab(address="/products?bot=on&q=a b").get_state(GuardedState)
        assert "next=%2Fproducts%3Fbot%3Don" in text_of(await state.mine("p1"))


class TestEveryEvent:
    async def test_a_blocked_person_stops_at_the_next_one(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        await state.mine("p1")
        async with scene.db.write() as tx:
            await accounts.set_blocked(
                tx, SYSTEM, state._actor.user_id, is_blocked=True, now=scene.clock.now()
            )
        assert leads_to_sign_in(await state.mine("p2"))
        assert state.seen == ["p1 1"]

    async def test_a_revoked_session_stops_at_the_next_one(
        self, scene: Scene, new_tab: Any
    ) -> None:
        state = await tab(scene, new_tab)
        await state.mine("p1")
        async with scene.db.write() as tx:
            await accounts.sign_out_everywhere(tx, state._actor, scene.clock.now())
        assert leads_to_sign_in(await state.mine("p2"))

    async def test_a_changed_role_counts_at_the_next_one(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        await state.mine("p1")
        async with scene.db.write() as tx:
            user = await tx.get_one(User, state._actor.user_id)
            user.role = "support"
        assert leads_to_sign_in(await state.mine("p2"))
        assert leads_to_sign_in(await state.theirs())
        assert state.seen == ["p1 1"]

    async def test_is_noted_every_five_minutes(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        seen = []
        for minutes in (0, 4, 2):
            scene.clock.move(minutes=minutes)
            await state.mine("p1")
            async with scene.db.read() as tx:
                seen.append((await tx.get_one(User, state._actor.user_id)).last_seen_at)
        assert seen[0] == seen[1]
        assert seen[2] == scene.clock.now()


class TestKinds:
    async def test_steps_of_a_generator_all_come(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        events = [event async for event in state.stepwise()]
        assert len(events) == 2
        assert state._actor.email == "a@example.kz"

    async def test_a_generator_without_a_session_only_leads_away(self, new_tab: Any) -> None:
        state = await new_tab().get_state(GuardedState)
        (event,) = [event async for event in state.streamed()]
        assert leads_to_sign_in(event)

    async def test_an_error_in_the_middle_ends_in_words(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        *_, last = [event async for event in state.streamed()]
        assert "Товара нет." in text_of(last)

    async def test_background_handlers_are_guarded_too(self, scene: Scene, new_tab: Any) -> None:
        handler = GuardedState.event_handlers["behind"]
        assert handler.is_background
        state = await tab(scene, new_tab)
        await handler.fn(state)
        assert state._actor.email == "a@example.kz"
        stranger = await new_tab().get_state(GuardedState)
        assert leads_to_sign_in(await handler.fn(stranger))

    def test_a_background_mark_above_or_below_works_too(self) -> None:
        async def work(self: Any) -> None:
            return None

        above = rx.event(guarded(Role.USER)(work), background=True)
        below = guarded(Role.USER)(rx.event(work, background=True))
        for handler in (above, below):
            assert rx.EventHandler(fn=handler).is_background

    def test_signature_and_needed_roles_are_kept(self) -> None:
        handler = GuardedState.event_handlers["mine"]
        assert list(handler.get_parameters()) == ["self", "product_id", "amount"]
        assert inspect.iscoroutinefunction(handler.fn)
        assert handler.fn.__requires__ == {Role.USER}
        assert GuardedState.event_handlers["theirs"].fn.__requires__ == {Role.ADMIN, Role.SUPPORT}

    def test_roles_must_be_said(self) -> None:
        with pytest.raises(TypeError):
            guarded()


class TestManagers:
    async def test_who_may_only_look_reads_and_does_not_write(
        self, scene: Scene, new_tab: Any
    ) -> None:
        state = await tab(scene, new_tab)
        await state.mine("p1")
        async with scene.db.write() as tx:
            owner = await tx.get_one(User, await scene.add("owner@example.kz"))
            person = await tx.get_one(User, state._actor.user_id)
            tx.add(
                StaffMember(
                    owner_id=owner.id,
                    user_id=person.id,
                    email=person.email,
                    rights=["prices"],
                    expires_at=scene.clock.now(),
                    accepted_at=scene.clock.now(),
                )
            )
            person.acts_for = owner.id
        scene.clock.move(minutes=10)  # the visit is due to be noted: that write is their own
        await state.look()
        assert state._actor.owner_id == owner.id
        # This page is in no table of rights, so a manager may not change anything there.
        assert "Попросите владельца" in text_of(await state.write())
        async with scene.db.write() as tx:  # nothing of it is left behind in this task
            assert await tx.get(User, owner.id)


class TestErrors:
    async def test_a_field_error_stands_at_its_field(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        shown = await state.fail("field")
        assert "kit:refused" in text_of(shown)  # the page brings the field into view
        assert state.errors == {"min_price": "Мин. цена больше макс."}
        assert not state.is_busy

    async def test_all_wrong_fields_are_told_at_once(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        await state.fail("fields")
        assert state.errors == {"email": "Опечатка.", "agree": "Нужно согласие."}

    async def test_a_refusal_after_a_step_frees_the_button(
        self, scene: Scene, new_tab: Any
    ) -> None:
        state = await tab(scene, new_tab)
        state.is_busy = True
        assert [event async for event in state.streamed()]
        assert not state.is_busy

    async def test_a_text_that_sends_to_support_says_where(
        self, scene: Scene, new_tab: Any
    ) -> None:
        state = await tab(scene, new_tab)
        assert "напишите в поддержку (support@example.kz)." in text_of(await state.fail("support"))
        assert state.errors == {}

    async def test_a_refusal_is_told_in_words(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        assert "Товара нет." in text_of(await state.fail("domain"))

    async def test_a_form_may_take_the_refusal(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        state.errors = {"form": ""}
        await state.fail("domain")
        assert state.errors["form"] == "Товара нет."

    async def test_no_right_to_it_is_told_not_led_to_sign_in(
        self, scene: Scene, new_tab: Any
    ) -> None:
        state = await tab(scene, new_tab)
        assert "Нет доступа." in text_of(await state.fail("denied"))

    async def test_a_bug_gets_a_number_and_no_details(self, scene: Scene, new_tab: Any) -> None:
        state = await tab(scene, new_tab)
        with capture_logs() as logs:
            toast = text_of(await state.fail("bug"))
        (entry,) = [log for log in logs if log["event"] == "event_failed"]
        assert f"Номер ошибки {entry['number']}" in toast
        assert "secret detail" not in toast
        assert entry["handler"] == "GuardedState.fail"
        assert not state.is_busy


def test_actors_without_a_person_own_nothing() -> None:
    for actor in (NOBODY, SYSTEM, Actor(Role.ADMIN, None)):
        with pytest.raises(PermissionDenied):
            _ = actor.owner_id
