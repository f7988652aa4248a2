"""Messages of WAHA over HTTP (INTEGRATIONS.md A.5–A.6)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox.waha.host import WahaHost, failed, invalid, not_ready
from cube_demper.sandbox.waha.payloads import full_id
from cube_demper.sandbox.waha.world import ABSENT_ENDING, Buyer, Message, Session, make_id
from cube_demper.sandbox.web import Call, Handler, json_response


class MessageApi(WahaHost):
    """Sends, typing, numbers and chats."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        route, send = self.route, self._sending
        lid, chat = "/api/{session}/lids/{lid}", "/api/{session}/chats/{chat}/messages"
        return [
            route("/api/sendText", "waha_send", send(self._send_text), "POST"),
            route("/api/sendImage", "waha_send", send(self._send_file), "POST"),
            route("/api/sendFile", "waha_send", send(self._send_file), "POST"),
            route("/api/sendLocation", "waha_send", send(self._send_location), "POST"),
            route("/api/sendSeen", "waha_seen", send(_seen), "POST"),
            route("/api/startTyping", "waha_typing", send(_typing), "POST"),
            route("/api/stopTyping", "waha_typing", send(_typing), "POST"),
            route("/api/contacts/check-exists", "waha_check", self._check, "GET"),
            route(lid, "waha_lid", self.known(self._lid), "GET"),
            route(chat, "waha_messages", self.known(self._messages), "GET"),
            route("/api/files/{session}/{file}", "waha_file", self.known(self._file), "GET"),
        ]

    def _file(self, call: Call, session: Session) -> Response:
        wanted = call.request.path_params["file"]
        found = next((it for it in session.messages if it.id == wanted), None)
        content = self.engine.files.get(wanted)
        if found is None or content is None:
            return json_response({"message": "File not found", "statusCode": 404}, 404)
        return Response(content, media_type=found.mimetype)

    def _sending(self, handler: Callable[[Call, Session, Buyer], Response]) -> Handler:
        def handle(call: Call) -> Response:
            body = call.body if isinstance(call.body, dict) else {}
            missing = [
                name for name in ("session", "chatId") if not isinstance(body.get(name), str)
            ]
            if missing:
                return invalid([f"{name} should not be empty" for name in missing])
            session = self.engine.sessions.get(body["session"])
            if session is None:
                words = f"We didn't find a session with name '{body['session']}'"
                return json_response({"message": words, "statusCode": 404}, 404)
            if session.status != "WORKING":
                return not_ready(session, "WORKING")
            buyer = self.engine.find_chat(body["chatId"])
            if buyer is None:
                return failed("server returned error 404: no such number")
            return handler(call, session, buyer)

        return handle

    def _check(self, call: Call) -> Response:
        asked = call.request.query_params
        session = self.engine.sessions.get(asked.get("session", ""))
        if session is None or session.status != "WORKING":
            return not_ready(session or Session(asked.get("session", ""), {}), "WORKING")
        phone = asked.get("phone", "").lstrip("+")
        if not phone.isdigit() or phone.endswith(ABSENT_ENDING):
            return json_response({"numberExists": False})
        buyer = self.engine.buyer(phone)
        pn = None if buyer.is_hidden else f"{phone}@c.us"
        return json_response({"numberExists": True, "chatId": buyer.chat_id, "pn": pn})

    def _lid(self, call: Call, _session: Session) -> Response:
        lid = call.request.path_params["lid"].partition("@")[0] + "@lid"
        buyer = self.engine.find_chat(lid)
        known = buyer is not None and buyer.knows_number
        return json_response(
            {"lid": lid, "pn": f"{buyer.number}@c.us" if buyer and known else None}
        )

    def _messages(self, call: Call, session: Session) -> Response:
        if session.status != "WORKING":
            return not_ready(session, "WORKING")
        buyer = self.engine.find_chat(call.request.path_params["chat"])
        limit = int(call.request.query_params.get("limit", "10"))
        found = session.chat(buyer.number)[-limit:] if buyer else []
        return json_response(
            [
                {
                    "id": full_id(buyer.chat_id, it),
                    "fromMe": it.from_me,
                    "body": it.text,
                    "_data": {},
                }
                for it in reversed(found)
                if buyer
            ]
        )

    def _send_text(self, call: Call, session: Session, buyer: Buyer) -> Response:
        if not isinstance(call.body.get("text"), str):
            return invalid(["text must be a string"])
        return self._deliver(call, session, buyer, kind="text", text=call.body["text"])

    def _send_file(self, call: Call, session: Session, buyer: Buyer) -> Response:
        file = call.body.get("file")
        if not isinstance(file, dict) or not (file.get("data") or file.get("url")):
            return invalid(["file should not be empty"])
        mimetype = str(file.get("mimetype", ""))
        try:
            content = base64.b64decode(str(file.get("data") or ""), validate=True)
        except ValueError:
            return invalid(["file.data must be base64"])
        return self._deliver(
            call,
            session,
            buyer,
            kind="image" if mimetype.startswith("image/") else "file",
            text=str(call.body.get("caption") or ""),
            filename=str(file.get("filename") or ""),
            mimetype=mimetype,
            content=content,
        )

    def _send_location(self, call: Call, session: Session, buyer: Buyer) -> Response:
        latitude, longitude = call.body.get("latitude"), call.body.get("longitude")
        title = call.body.get("title")
        if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
            return invalid(["latitude must be a number"])
        if not isinstance(title, str):
            return invalid(["title must be a string"])
        return self._deliver(
            call,
            session,
            buyer,
            kind="location",
            text=title,
            latitude=float(latitude),
            longitude=float(longitude),
        )

    def _deliver(
        self,
        call: Call,
        session: Session,
        buyer: Buyer,
        *,
        kind: str,
        text: str,
        content: bytes = b"",
        **more: Any,
    ) -> Response:
        phone = self.engine.phones[session.phone]
        is_new = not session.chat(buyer.number)
        if is_new and (phone.locked_until > self.now() or phone.capping == "CAPPED"):
            return failed("server returned error 463")
        given: dict[str, Any] = call.body
        message = Message(
            str(given.get("id") or make_id()),
            buyer.number,
            text,
            self.now(),
            from_me=True,
            source="api",
            kind=kind,
            **more,
        )
        if content:
            self.engine.files[message.id] = content
        call.note["message"] = message.id
        call.note["chat"] = buyer.number
        self.engine.send(session, buyer, message)
        return json_response({"id": full_id(given["chatId"], message), "_data": {}}, 201)


def _seen(call: Call, _session: Session, _buyer: Buyer) -> Response:
    call.note["chat"] = call.body["chatId"]
    return json_response({}, 201)


def _typing(call: Call, _session: Session, _buyer: Buyer) -> Response:
    call.note["chat"] = call.body["chatId"]
    return json_response({"result": True}, 201)
