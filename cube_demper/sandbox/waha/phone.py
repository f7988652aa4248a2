"""`/phone`: the seller's phones and the buyers', for people; `/phone.json` and the same posts for tests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cube_demper.sandbox.waha import phone_pages
from cube_demper.sandbox.waha.engine import Engine
from cube_demper.sandbox.waha.world import Phone, Session
from cube_demper.sandbox.web import json_response

_LOCK_SECONDS = 6 * 3600.0


def phone_routes(engine: Engine) -> list[Route]:
    """Return the routes of the phones."""
    phones = Phones(engine)
    acts = {
        "scan": phones.scan,
        "code": phones.type_code,
        "unlink": phones.unlink,
        "ban": phones.ban,
        "lock": phones.lock,
        "cap": phones.cap,
        "free": phones.free,
        "answer": phones.answer,
        "photo": phones.photo,
        "place": phones.place,
        "reply": phones.reply,
        "hide": phones.hide,
        "down": phones.down,
        "up": phones.up,
    }
    return [
        Route("/phone", phones.home),
        Route("/phone.json", phones.state),
        Route("/phone/files/{id}", phones.file),
        Route("/phone/{session}/{number}", phones.chat),
        *(Route(f"/phone/{name}", act, methods=["POST"]) for name, act in acts.items()),
    ]


class Phones:
    """What hands do with phones."""

    def __init__(self, engine: Engine) -> None:
        """Hold these phones."""
        self._engine = engine

    async def home(self, _request: Request) -> Response:
        """Show phones, waiting sessions and chats."""
        return HTMLResponse(phone_pages.home(self._engine))

    async def state(self, _request: Request) -> Response:
        """Give everything as JSON."""
        self._engine.advance()
        return json_response(
            {
                "sessions": [asdict(it) for it in self._engine.sessions.values()],
                "phones": [asdict(it) for it in self._engine.phones.values()],
                "is_down": self._engine.is_down,
                "dropped": len(self._engine.hooks.dropped),
            }
        )

    async def chat(self, request: Request) -> Response:
        """Show a buyer's chat: opening it reads what was written."""
        session = self._session(request.path_params["session"])
        buyer = self._engine.buyer(request.path_params["number"])
        self._engine.open_chat(session, buyer.number)
        return HTMLResponse(phone_pages.chat(session, buyer))

    async def scan(self, request: Request) -> Response:
        """Point a phone's camera at the code: `session` or the code itself, `phone`."""
        given = await _given(request)
        found = next(
            (it for it in self._engine.sessions.values()
             if given.get("session") == it.name or (it.qr and given.get("qr") == it.qr)),
            None,
        )  # fmt: skip
        if found is None or not self._engine.scan(found, self._phone(given)):
            raise HTTPException(409, "Код устарел, или номер заблокирован")
        return _done(request, {"session": found.name})

    async def type_code(self, request: Request) -> Response:
        """Type a pairing code in on the phone it was made for: `code`, `phone`."""
        given = await _given(request)
        phone, code = self._phone(given), given.get("code", "").strip().upper()
        found = next(
            (it for it in self._engine.sessions.values()
             if it.code and it.code == code and it.code_phone == phone.number),
            None,
        )  # fmt: skip
        if found is None or not self._engine.scan(found, phone):
            raise HTTPException(409, "Такого кода нет, или он для другого номера")
        return _done(request, {"session": found.name})

    async def unlink(self, request: Request) -> Response:
        """Press «Выйти» in the phone's linked devices: `session`."""
        self._engine.unlink(self._session((await _given(request)).get("session", "")))
        return _done(request)

    async def ban(self, request: Request) -> Response:
        """Let WhatsApp block a number: `phone`."""
        self._engine.ban(self._phone(await _given(request)))
        return _done(request)

    async def lock(self, request: Request) -> Response:
        """Put the time-lock of new chats on a number: `phone`."""
        phone = self._phone(await _given(request))
        phone.locked_until = self._engine.now() + _LOCK_SECONDS
        for session in self._engine.sessions.values():
            if session.phone == phone.number and session.status == "WORKING":
                self._engine.move(session, "WORKING")
        return _done(request)

    async def cap(self, request: Request) -> Response:
        """Use up the quota of new chats of a number: `phone`."""
        phone = self._phone(await _given(request))
        phone.capping, phone.quota, phone.used = "CAPPED", 100, 100
        return _done(request)

    async def free(self, request: Request) -> Response:
        """Take everything from a number that WhatsApp put on it: `phone`."""
        phone = self._phone(await _given(request))
        phone.is_banned, phone.locked_until = False, 0.0
        phone.capping, phone.quota, phone.used = "NONE", -1, 0
        return _done(request)

    async def answer(self, request: Request) -> Response:
        """Write as the buyer: `session`, `number`, `text`."""
        given = await _given(request)
        session, buyer = self._working(given), self._engine.buyer(given.get("number", ""))
        message = self._engine.incoming(session, buyer, given.get("text", ""))
        return _done(request, {"id": message.id})

    async def photo(self, request: Request) -> Response:
        """Send a picture as the buyer: `session`, `number`, `text`."""
        given = await _given(request)
        session, buyer = self._working(given), self._engine.buyer(given.get("number", ""))
        message = self._engine.incoming_photo(session, buyer, given.get("text", ""))
        return _done(request, {"id": message.id})

    async def place(self, request: Request) -> Response:
        """Send a point on the map as the buyer: `session`, `number`, `text`."""
        given = await _given(request)
        session, buyer = self._working(given), self._engine.buyer(given.get("number", ""))
        message = self._engine.incoming(
            session, buyer, given.get("text", ""), kind="location",
            latitude=43.238949, longitude=76.889709,
        )  # fmt: skip
        return _done(request, {"id": message.id})

    async def file(self, request: Request) -> Response:
        """Give a file of a message, as the phone shows it."""
        content = self._engine.files.get(request.path_params["id"])
        if content is None:
            raise HTTPException(404, "Такого файла нет")
        return Response(content, media_type=request.query_params.get("type"))

    async def reply(self, request: Request) -> Response:
        """Write to the buyer from the seller's phone itself: `session`, `number`, `text`."""
        given = await _given(request)
        session, buyer = self._working(given), self._engine.buyer(given.get("number", ""))
        message = self._engine.from_phone(session, buyer, given.get("text", ""))
        return _done(request, {"id": message.id})

    async def hide(self, request: Request) -> Response:
        """Let WhatsApp show a lid in place of a buyer's number, or the number again: `number`."""
        given = await _given(request)
        buyer = self._engine.buyer(given.get("number", ""))
        buyer.is_hidden = not buyer.is_hidden
        buyer.knows_number = given.get("knows", "1") == "1"
        return _done(request, {"lid": buyer.lid})

    async def down(self, request: Request) -> Response:
        """Take WAHA away: `seconds`, an hour when nothing is said."""
        self._engine.go_down(float((await _given(request)).get("seconds") or 3600))
        return _done(request)

    async def up(self, request: Request) -> Response:
        """Bring WAHA back."""
        self._engine.come_back()
        return _done(request)

    def _session(self, name: str) -> Session:
        found = self._engine.sessions.get(name)
        if found is None:
            raise HTTPException(404, "Нет такой сессии")
        return found

    def _working(self, given: dict[str, str]) -> Session:
        found = self._session(given.get("session", ""))
        if found.status != "WORKING":
            raise HTTPException(409, "Номер не подключён")
        return found

    def _phone(self, given: dict[str, str]) -> Phone:
        found = self._engine.phones.get(given.get("phone", ""))
        if found is None:
            raise HTTPException(404, "Нет такого телефона")
        return found


async def _given(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        form = await request.form()
        return {name: str(value) for name, value in form.items()}
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise HTTPException(400, "Нужен JSON") from None
    return {name: str(value) for name, value in body.items()} if isinstance(body, dict) else {}


def _done(request: Request, answer: dict[str, Any] | None = None) -> Response:
    if request.headers.get("content-type", "").startswith("application/json"):
        return json_response(answer or {})
    return RedirectResponse(request.headers.get("referer") or "/phone", 303)
