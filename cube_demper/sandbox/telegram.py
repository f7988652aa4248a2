"""A Telegram after the public Bot API: getMe, getUpdates, sendMessage, and people who talk to the bot.

`POST /people/{chat}/say {"text": …}` writes to the bot, `/people/{chat}/block` stops it, `/unblock`
lets it again, `GET /people` lists chats with what they got.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "123456:sandbox"  # noqa: S105 - opens the sandbox alone
USERNAME = "cube_demper_demo_bot"
_LIMIT = 4096


@dataclass(slots=True)
class Person:
    """A private chat: what the bot wrote there; `is_blocked`: it may not write."""

    chat_id: int
    name: str
    got: list[str] = field(default_factory=list)
    is_blocked: bool = False


class Telegram:
    """The server and its people."""

    def __init__(self) -> None:
        """Start with nobody."""
        self.people: dict[int, Person] = {}
        self.fail_next: list[tuple[int, dict[str, Any]]] = []
        """Answers to the next calls of sendMessage instead of its own: (status, body)."""
        self._updates: list[dict[str, Any]] = []
        self._next = 1
        self._news = asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/people", self._list),
                Route("/people/{chat:int}/{act}", self._act, methods=["POST"]),
            ]
        )

    def say(self, chat_id: int, text: str, name: str = "Айгуль") -> None:
        """Let a person write to the bot."""
        person = self.people.setdefault(chat_id, Person(chat_id, name))
        self._tell({"message": {"chat": _chat(person), "text": text, "message_id": self._next}})

    def block(self, chat_id: int, *, is_blocked: bool = True) -> None:
        """Let a person stop the bot, or start it again."""
        person = self.people.setdefault(chat_id, Person(chat_id, "Айгуль"))
        person.is_blocked = is_blocked
        status = "kicked" if is_blocked else "member"
        member = {"chat": _chat(person), "new_chat_member": {"status": status}}
        self._tell({"my_chat_member": member})

    def _tell(self, update: dict[str, Any]) -> None:
        self._updates.append({"update_id": self._next, **update})
        self._next += 1
        self._news.set()

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _refusal(401, "Unauthorized")
        given: dict[str, Any] = dict(request.query_params)
        if request.method == "POST":
            given |= await request.json()
        match request.path_params["method"]:
            case "getMe":
                return _answer({"id": 1, "is_bot": True, "username": USERNAME})
            case "getUpdates":
                return _answer(await self._get_updates(given))
            case "sendMessage":
                return self._send(given)
        return _refusal(404, "Not Found")

    async def _get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(given.get("offset", 0))
        self._updates = [it for it in self._updates if it["update_id"] >= offset]
        wait = min(float(given.get("timeout", 0)), 50)
        if not self._updates and wait:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), wait)
            except TimeoutError:
                return []
        return self._updates[:100]

    def _send(self, given: dict[str, Any]) -> Response:
        if self.fail_next:
            status, body = self.fail_next.pop(0)
            return JSONResponse({"ok": False, **body}, status)
        person = self.people.get(int(given.get("chat_id", 0)))
        text = str(given.get("text", ""))
        if person is None:
            return _refusal(400, "Bad Request: chat not found")
        if person.is_blocked:
            return _refusal(403, "Forbidden: bot was blocked by the user")
        if not text or len(text) > _LIMIT:
            return _refusal(400, "Bad Request: message is empty or too long")
        person.got.append(text)
        return _answer({"message_id": len(person.got), "chat": _chat(person), "text": text})

    async def _list(self, _request: Request) -> Response:
        return JSONResponse(
            [
                {"chat": it.chat_id, "name": it.name, "blocked": it.is_blocked, "got": it.got}
                for it in self.people.values()
            ]
        )

    async def _act(self, request: Request) -> Response:
        chat, act = request.path_params["chat"], request.path_params["act"]
        if act == "say":
            body = await request.json()
            self.say(chat, str(body.get("text", "")), str(body.get("name", "Айгуль")))
        elif act in {"block", "unblock"}:
            self.block(chat, is_blocked=act == "block")
        else:
            return _refusal(404, "Not Found")
        return JSONResponse({"ok": True})


def _chat(person: Person) -> dict[str, Any]:
    return {"id": person.chat_id, "type": "private", "first_name": person.name}


def _answer(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _refusal(status: int, words: str) -> Response:
    return JSONResponse({"ok": False, "error_code": status, "description": words}, status)
