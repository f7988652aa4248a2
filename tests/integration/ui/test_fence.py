from __future__ import annotations

from typing import Any

import reflex as rx
from accounts_scene import Scene
from web_stage import connect

from cube_demper.ui.session import SessionFence


class GoodsState(rx.State):
    goods: list[str] = []  # noqa: RUF012 - a Reflex var
    _notes: str = ""


async def arrive(root: Any, token: str | None) -> Any:
    connect(root, token)
    await SessionFence().preprocess(Any, root, None)
    return await root.get_state(GoodsState)


class TestFence:
    async def test_keeps_what_belongs_to_this_session(self, scene: Scene, new_tab: Any) -> None:
        await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        root = new_tab(token)
        state = await arrive(root, token)
        state.goods, state._notes = ["мои"], "мои"
        state = await arrive(root, token)
        assert (state.goods, state._notes) == (["мои"], "мои")

    async def test_the_next_person_at_this_tab_finds_nothing(
        self, scene: Scene, new_tab: Any
    ) -> None:
        for email in ("a@example.kz", "b@example.kz"):
            await scene.add(email)
        root = new_tab()
        state = await arrive(root, await scene.sign_in("a@example.kz"))
        state.goods, state._notes = ["мои"], "мои"
        state = await arrive(root, await scene.sign_in("b@example.kz"))
        assert (state.goods, state._notes) == ([], "")

    async def test_a_thief_of_the_tabs_token_finds_nothing(
        self, scene: Scene, new_tab: Any
    ) -> None:
        await scene.add("a@example.kz")
        root = new_tab()
        state = await arrive(root, await scene.sign_in("a@example.kz"))
        state.goods = ["мои"]
        assert (await arrive(root, None)).goods == []
