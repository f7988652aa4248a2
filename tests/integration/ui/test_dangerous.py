"""The password asked again: before the deed, in this session alone, for 10 minutes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import reflex as rx
from accounts_scene import PASSWORD, Scene
from web_stage import connect

from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui.dangerous import PasswordAgain, dangerous

EMAIL = "boss@example.kz"


class DeedState(rx.State):
    """A page with something dangerous on it."""

    done: list[str] = []  # noqa: RUF012 - a Reflex var

    @dangerous(Role.ADMIN)
    async def delete(self, form: dict[str, str], times: int = 1) -> Any:
        self.done = [*self.done, form["reason"] * times]
        return rx.noop()

    @dangerous(Role.ADMIN)
    async def delete_slowly(self, name: str) -> AsyncIterator[Any]:
        yield rx.noop()
        self.done = [*self.done, name]


@pytest.fixture
def admins_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUBE_APP", CubeApp.ADMIN)


async def _tab(scene: Scene) -> Any:
    code = await scene.code(EMAIL, app=CubeApp.ADMIN)
    root = rx.State()
    connect(root, await scene.open(code, app=CubeApp.ADMIN), "/users", CubeApp.ADMIN)
    return root


async def _call(result: Any) -> list[Any]:
    return [answer async for answer in result]


async def _open(root: Any) -> tuple[Any, Any]:
    return await root.get_state(DeedState), await root.get_state(PasswordAgain)


@pytest.fixture
async def tab(scene: Scene, admins_app: None) -> Any:
    await scene.add(EMAIL, role=Role.ADMIN)
    return await _tab(scene)


async def test_nothing_is_done_before_the_password(tab: Any) -> None:
    state, question = await _open(tab)
    await _call(state.delete({"reason": "x"}))
    assert state.done == []
    assert question.is_open


async def test_a_wrong_password_does_nothing_and_the_right_one_goes_on(tab: Any) -> None:
    state, question = await _open(tab)
    await _call(state.delete(form={"reason": "x"}, times=2))  # as Reflex calls it
    await _call(question.prove({"again": "не тот"}))
    assert question.errors["password"] == "Пароль не подошёл."
    assert question.is_open
    answers = await _call(question.prove({"again": PASSWORD}))
    assert not question.is_open
    event = answers[-1]
    assert "delete" in event.handler.fn.__qualname__
    assert '"reason"' in str(event.args)
    await _call(state.delete({"reason": "x"}, 2))
    assert state.done == ["xx"]


async def test_it_is_asked_again_after_ten_minutes(scene: Scene, tab: Any) -> None:
    state, question = await _open(tab)
    await _call(state.delete_slowly("a"))
    await _call(question.prove({"again": PASSWORD}))
    scene.clock.move(minutes=9, seconds=59)
    await _call(state.delete_slowly("b"))
    scene.clock.move(seconds=2)
    await _call(state.delete_slowly("c"))
    assert state.done == ["b"]
    assert question.is_open


async def test_another_session_of_the_same_person_is_asked_too(scene: Scene, tab: Any) -> None:
    state, question = await _open(tab)
    await _call(state.delete({"reason": "x"}))
    await _call(question.prove({"again": PASSWORD}))
    other, its_question = await _open(await _tab(scene))
    await _call(other.delete({"reason": "x"}))
    assert other.done == []
    assert its_question.is_open


async def test_given_up_it_is_forgotten(tab: Any) -> None:
    state, question = await _open(tab)
    await _call(state.delete({"reason": "x"}))
    await question.close()
    answers = await _call(question.prove({"again": PASSWORD}))
    assert answers == [None]
    assert state.done == []


async def test_guessing_the_password_ends(tab: Any) -> None:
    state, question = await _open(tab)
    await _call(state.delete({"reason": "x"}))
    for _ in range(10):
        await _call(question.prove({"again": "не тот"}))
    await _call(question.prove({"again": PASSWORD}))
    assert "Слишком много" in question.errors["form"]
    assert question.is_open
