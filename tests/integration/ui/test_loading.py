"""A page that is read: first its skeleton, then what was read, or an error with a retry."""

from __future__ import annotations

from typing import Any

import reflex as rx
from accounts_scene import Scene

from cube_demper.core.errors import NotFound
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.domain.billing.schemas import Feature
from cube_demper.models.billing import Plan
from cube_demper.ui.guards import guarded
from cube_demper.ui.loading import PageMixin, loads


class ReadState(PageMixin, rx.State):
    found: str = ""
    is_broken: bool = False

    @loads(Role.USER)
    async def load(self) -> None:
        if self.is_broken:
            raise NotFound("Товара нет.")
        self.found, self.phase = "Чайник", "ready"


class LackedState(PageMixin, rx.State):
    @loads(Role.USER)
    async def load(self) -> None:
        raise PlanLacks(Feature.ANALYTICS, Plan.PRO)

    @guarded(Role.USER)
    async def export(self) -> None:
        raise PlanLacks(Feature.ANALYTICS, Plan.PRO)


async def _steps(
    scene: Scene, new_tab: Any, *, is_broken: bool
) -> tuple[Any, list[tuple[str, str]]]:
    """Load a page that was shown before; return the state, and its phase with each answer."""
    await scene.add("a@example.kz")
    root = new_tab(await scene.sign_in("a@example.kz"))
    state = await root.get_state(ReadState)
    state.phase, state.is_broken = "ready", is_broken
    return state, [(state.phase, str(answer)) async for answer in state.load()]


async def test_what_is_read_stands_behind_a_skeleton(scene: Scene, new_tab: Any) -> None:
    state, steps = await _steps(scene, new_tab, is_broken=False)
    assert [phase for phase, _ in steps] == ["loading"]
    assert (state.phase, state.found) == ("ready", "Чайник")


async def test_what_cannot_be_read_is_an_error_in_words(scene: Scene, new_tab: Any) -> None:
    state, steps = await _steps(scene, new_tab, is_broken=True)
    assert [phase for phase, _ in steps] == ["loading", "error"]
    assert "Товара нет." in steps[-1][1]
    assert (state.phase, state.found) == ("error", "")


async def test_what_the_plan_lacks_is_said_by_the_frame_and_not_by_a_toast(
    scene: Scene, new_tab: Any
) -> None:
    await scene.add("a@example.kz")
    state = await new_tab(await scene.sign_in("a@example.kz")).get_state(LackedState)
    assert not [answer async for answer in state.load() if answer]
    assert state.phase == "locked"


async def test_an_act_that_the_plan_lacks_leads_to_where_it_is_bought(
    scene: Scene, new_tab: Any
) -> None:
    await scene.add("a@example.kz")
    state = await new_tab(await scene.sign_in("a@example.kz")).get_state(LackedState)
    said = str(await state.export())
    assert "Аналитика: доступно с тарифа PRO." in said
    assert "Выбрать PRO" in said
    assert "/billing?plan=pro" in said


async def test_a_stranger_reads_nothing(new_tab: Any) -> None:
    state = await new_tab().get_state(ReadState)
    answers = [str(answer) async for answer in state.load()]
    assert len(answers) == 1
    assert "/login" in answers[0]
    assert (state.phase, state.found) == ("loading", "")
