"""What the desk's handlers do and say: two at one chat, notes, roles that change, nonsense."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from accounts_scene import HOME, PASSWORD
from records import seller
from redis.asyncio import Redis
from sqlalchemy import update
from sqlmodel import col, select
from support_scene import Desk

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Role
from cube_demper.domain.support import reading
from cube_demper.domain.support.schemas import MessageKind
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.support import SupportMessage
from support.desk.chat_state import ChatState
from support.desk.deeds_state import DeedState
from support.desk.inbox_state import InboxState
from support.desk.write_state import WriteState


async def _opened(root: Any) -> Any:
    """Open the chat that the address names."""
    state = await root.get_state(ChatState)
    answers = [it async for it in state.load()]
    return state, answers


async def _texts(desk: Desk, kind: MessageKind) -> list[str]:
    async with desk.db.read() as tx:
        rows = await tx.scalars(select(SupportMessage.body).where(SupportMessage.kind == kind))
        return list(rows.all())


async def test_of_two_who_take_a_chat_one_wins_and_the_other_is_told_who(
    desk: Desk, new_tab: Any
) -> None:
    aliya, daniyar = await desk.hire("Алия Сапарова"), await desk.hire("Данияр")
    chat = await desk.says(await desk.customer(), "Помогите")
    first, second = await new_tab(aliya, f"/chats/{chat}"), await new_tab(daniyar, f"/chats/{chat}")
    await _opened(first)
    await _opened(second)
    won = await (await first.get_state(DeedState)).take()
    lost = await (await second.get_state(DeedState)).take()
    assert won is None
    assert "Алия Сапарова" in str(lost)
    async with desk.db.read() as tx:
        row = (await reading.chat(tx, daniyar, chat, desk.now)).row
    assert row.assigned_to == aliya.user_id


async def test_a_press_told_twice_is_one_message_and_a_note_is_no_answer(
    desk: Desk, new_tab: Any
) -> None:
    aliya = await desk.hire("Алия")
    user = await desk.customer()
    chat = await desk.says(user, "Помогите")
    root = await new_tab(aliya, f"/chats/{chat}")
    await _opened(root)
    write = await root.get_state(WriteState)
    for _ in range(2):
        await write.send(str(chat), "Здравствуйте", "press-1", "")
        await write.note(str(chat), "Сердится", "press-1")
    assert (write.insert.deed, write.insert.thread) == ("clear", f"{chat}/note")
    assert await _texts(desk, MessageKind.STAFF) == ["Здравствуйте"]
    assert await _texts(desk, MessageKind.NOTE) == ["Сердится"]
    async with desk.db.read() as tx:
        own = await reading.messages(tx, seller(user), None)
    assert "Сердится" not in [it.text for it in own.rows]


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "я" * 100_000])
async def test_what_is_no_message_is_refused_in_words_and_stays_in_the_field(
    desk: Desk, new_tab: Any, text: str
) -> None:
    aliya = await desk.hire("Алия")
    chat = await desk.says(await desk.customer(), "Помогите")
    root = await new_tab(aliya, f"/chats/{chat}")
    await _opened(root)
    write = await root.get_state(WriteState)
    said = await write.send(str(chat), text, "press", "")
    assert "toast" in str(said)
    assert write.insert.deed == "keep"
    assert await _texts(desk, MessageKind.STAFF) == []


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "שלום «мир»", "👩‍👩‍👧‍👦 👍🏽"])
async def test_any_script_and_any_hand_is_kept_as_it_was_written(
    desk: Desk, new_tab: Any, text: str
) -> None:
    aliya = await desk.hire("Алия")
    chat = await desk.says(await desk.customer(), text)
    state, _ = await _opened(await new_tab(aliya, f"/chats/{chat}"))
    assert [it.text for it in state.said if it.kind == "user"] == [text]


async def test_a_long_chat_is_read_in_pieces_and_a_page_keeps_some(
    desk: Desk, new_tab: Any
) -> None:
    aliya = await desk.hire("Алия")
    user = await desk.customer()
    chat = await desk.says(user, "0")
    for number in range(1, 90):
        desk.passes(seconds=3)
        await desk.says(user, str(number))
    state, _ = await _opened(await new_tab(aliya, f"/chats/{chat}"))
    assert [it.text for it in state.said][-1] == "89"
    assert (len(state.said), state.has_older) == (40, True)
    await state.older()
    await state.older()
    assert [it.text for it in state.said if it.kind == "user"][:2] == ["0", "1"]
    assert not state.has_older


async def test_a_role_taken_away_closes_the_desk_at_the_next_press(
    desk: Desk, new_tab: Any
) -> None:
    aliya = await desk.hire("Алия")
    chat = await desk.says(await desk.customer(), "Помогите")
    root = await new_tab(aliya, f"/chats/{chat}")
    await _opened(root)
    async with desk.db.write() as tx:
        await tx.execute(
            update(User).where(col(User.id) == aliya.user_id).values(role=UserRole.USER)
        )
    said = await (await root.get_state(WriteState)).send(str(chat), "Ещё тут", "press", "")
    assert "/login" in str(said)
    assert await _texts(desk, MessageKind.STAFF) == []


async def test_a_chat_that_is_not_there_is_said_so(desk: Desk, new_tab: Any) -> None:
    aliya = await desk.hire("Алия")
    for address in (f"/chats/{uuid4()}", "/chats/x"):
        state, _ = await _opened(await new_tab(aliya, address))
        assert state.phase == "error"


async def test_the_list_of_an_address_with_nonsense_is_the_whole_list(
    desk: Desk, new_tab: Any
) -> None:
    aliya = await desk.hire("Алия")
    await desk.says(await desk.customer(), "Помогите")
    root = await new_tab(aliya, "/?tab=x&who='; drop table users&plan=9&label=1&at=-1")
    state = await root.get_state(InboxState)
    async for _ in state.load():
        pass
    assert [it.person for it in state.rows] == ["Айгуль Сериккызы"]
    assert state.counts[""] == 1


async def test_a_support_person_enters_no_other_app(desk: Desk, redis: Redis) -> None:
    async with desk.db.write() as tx:
        await accounts.create_user(
            tx, SYSTEM, email="s@example.kz", password=PASSWORD, role=Role.SUPPORT, now=desk.now
        )
    for app in (CubeApp.ADMIN, CubeApp.SELLER):
        with pytest.raises(PermissionDenied):
            async with desk.db.write() as tx:
                await accounts.sign_in(
                    tx, NOBODY, email="s@example.kz", password=PASSWORD, app=app, visitor=HOME,
                    attempts=RedisAttempts(redis), now=desk.now,
                )  # fmt: skip


async def test_a_found_message_is_shown_with_what_was_said_around_it(
    desk: Desk, new_tab: Any
) -> None:
    aliya = await desk.hire("Алия")
    user = await desk.customer()
    chat = await desk.says(user, "0")
    for number in range(1, 60):
        desk.passes(seconds=3)
        words = "касса не пробивает" if number == 30 else f"слово {number}"
        await desk.says(user, words)
    root = await new_tab(aliya, "/?q=касса")
    inbox = await root.get_state(InboxState)
    async for _ in inbox.load():
        pass
    (found,) = inbox.found
    assert found.text == "касса не пробивает"
    tab = await new_tab(aliya, f"/chats/{chat}?at={found.number}")
    state, _ = await _opened(tab)
    texts = [it.text for it in state.said if it.kind == "user"]
    assert "касса не пробивает" in texts
    assert texts[-1] == "слово 45"
    assert state.has_newer
    assert str(state.marked) == found.number
    await state.newest()
    assert [it.text for it in state.said][-1] == "слово 59"
    assert not state.has_newer
