"""A page that opens: its readings in one event and one look at the session, what follows it after them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import reflex as rx
from accounts_scene import Scene

from cube_demper.core.errors import NotFound
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import opening, session
from cube_demper.ui.guards import guarded
from cube_demper.ui.opening import Opening

_ROUTE = "/shelf"


class ShelfState(rx.State):
    done: list[str] = []  # noqa: RUF012 - a Reflex var

    @guarded(Role.USER)
    async def load(self) -> AsyncIterator[Any]:
        self.done = [*self.done, "waits"]
        yield
        self.done = [*self.done, str(session.current_actor().email)]

    @guarded(Role.USER)
    async def fail(self) -> None:
        raise NotFound("Полки нет.")

    @guarded(Role.USER)
    async def count(self) -> None:
        self.done = [*self.done, "counted"]

    @guarded(Role.ADMIN)
    async def theirs(self) -> None:
        self.done = [*self.done, "theirs"]

    @guarded(Role.USER, background=True)
    async def watch(self) -> None:
        """Follow nothing."""


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Count how often the session is read."""
    monkeypatch.setattr(opening, "_STEPS", {})
    found: list[Any] = []
    door = session.door_of(CubeApp.SELLER)

    async def counted(*arguments: Any) -> Any:
        found.append(await door.find_signed_in(*arguments))
        return found[-1]

    monkeypatch.setattr(session, "door_of", lambda _app: replace(door, find_signed_in=counted))
    return found


async def _open(
    root: Any, steps: list[Any], *, done: int = 0
) -> tuple[ShelfState, list[tuple[list[str], Any]]]:
    """Open the page; return its state, and with each answer what was there to be shown."""
    opening.opening(_ROUTE, steps)
    state, shelf = await root.get_state(Opening), await root.get_state(ShelfState)
    return shelf, [(list(shelf.done), answer) async for answer in state.go_on(_ROUTE, done)]


async def _tab(scene: Scene, new_tab: Any) -> Any:
    await scene.add("a@example.kz")
    return new_tab(await scene.sign_in("a@example.kz"))


async def test_readings_are_shown_one_by_one_and_followed_after_the_last(
    scene: Scene, new_tab: Any, looks: list[Any]
) -> None:
    root = await _tab(scene, new_tab)
    _, steps = await _open(root, [ShelfState.watch, ShelfState.load, ShelfState.count])
    assert [shown for shown, _ in steps] == [
        ["waits"],
        ["waits", "a@example.kz"],
        ["waits", "a@example.kz", "counted"],
        ["waits", "a@example.kz", "counted"],
    ]
    assert steps[-1][1] == [ShelfState.watch]
    assert len(looks) == 1
    assert session.found_by_guard() is None


async def test_a_reading_that_breaks_says_so_and_keeps_no_other_from_being_read(
    scene: Scene, new_tab: Any, looks: list[Any]
) -> None:
    shelf, steps = await _open(await _tab(scene, new_tab), [ShelfState.fail, ShelfState.count])
    assert "Полки нет." in str(steps[0][1])
    assert shelf.done == ["counted"]
    assert looks


async def test_each_reading_still_asks_who_may(
    scene: Scene, new_tab: Any, looks: list[Any]
) -> None:
    shelf, steps = await _open(await _tab(scene, new_tab), [ShelfState.theirs, ShelfState.count])
    assert "/login" in str(steps[0][1])
    assert shelf.done == ["counted"]
    assert len(looks) == 1


async def test_a_long_opening_goes_on_in_a_next_event(
    scene: Scene, new_tab: Any, looks: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_HANDS_OVER_AFTER", -1.0)
    root = await _tab(scene, new_tab)
    steps = [ShelfState.count, ShelfState.count, ShelfState.watch]
    shelf, first = await _open(root, steps)
    assert shelf.done == ["counted"]
    assert [str(value) for _, value in first[-1][1].args] == [f'"{_ROUTE}"', "1"]
    shelf, last = await _open(root, steps, done=1)
    assert shelf.done == ["counted", "counted"]
    assert last[-1][1] == [ShelfState.watch]
    assert len(looks) == 2


async def test_a_stranger_is_led_to_sign_in_and_nothing_is_read(
    new_tab: Any, looks: list[Any]
) -> None:
    shelf, steps = await _open(new_tab(), [ShelfState.count])
    assert len(steps) == 1
    assert "/login" in str(steps[0][1])
    assert shelf.done == []
