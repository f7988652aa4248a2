"""Sessions of WAHA over HTTP (INTEGRATIONS.md A.2–A.4): paths, statuses and bodies of 2026.9.2."""

from __future__ import annotations

import base64
import io
from typing import Any

import segno
from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox.waha.engine import ENGINE, VERSION, timelock
from cube_demper.sandbox.waha.host import WahaHost, invalid, not_ready
from cube_demper.sandbox.waha.world import Session, make_id
from cube_demper.sandbox.web import Call, json_response

_SESSION = "/api/sessions/{session}"


class SessionApi(WahaHost):
    """Making, starting and linking sessions."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        route = self.route
        return [
            route("/api/server/version", "waha_version", self._version, "GET"),
            route("/api/sessions", "waha_sessions", self._list, "GET"),
            route("/api/sessions", "waha_create", self._create, "POST"),
            route(_SESSION, "waha_session", self.known(self._get), "GET"),
            route(_SESSION, "waha_update", self.known(self._update), "PUT"),
            route(_SESSION, "waha_delete", self._delete, "DELETE"),
            route(f"{_SESSION}/start", "waha_start", self.known(self._start), "POST"),
            route(f"{_SESSION}/stop", "waha_stop", self.known(self._stop), "POST"),
            route(f"{_SESSION}/restart", "waha_restart", self.known(self._restart), "POST"),
            route(f"{_SESSION}/logout", "waha_logout", self.known(self._log_out), "POST"),
            route(f"{_SESSION}/capping", "waha_capping", self.known(self._capping), "GET"),
            route(f"{_SESSION}/timelock", "waha_timelock", self.known(self._timelock), "GET"),
            route("/api/{session}/auth/qr", "waha_qr", self.known(self._qr), "GET"),
            route("/api/{session}/auth/request-code", "waha_code", self.known(self._code), "POST"),
        ]

    def _version(self, _call: Call) -> Response:
        return json_response(
            {"version": VERSION, "engine": ENGINE, "tier": "CORE", "browser": None,
             "platform": "linux/x64", "worker": {"id": None}}
        )  # fmt: skip

    def _list(self, call: Call) -> Response:
        is_all = call.request.query_params.get("all") == "true"
        sessions = self.engine.sessions.values()
        return json_response(
            [self._info(it) for it in sessions if is_all or it.status != "STOPPED"]
        )

    def _create(self, call: Call) -> Response:
        body = call.body if isinstance(call.body, dict) else {}
        name = str(body.get("name") or f"session_{make_id().lower()}")
        if name in self.engine.sessions:
            words = f"Session '{name}' already exists. Use PUT to update it."
            return json_response({"message": words, "statusCode": 422}, 422)
        session = Session(name, body.get("config") or {})
        self.engine.sessions[name] = session
        if body.get("start", True):
            self.engine.start(session)
        return json_response(self._info(session), 201)

    def _get(self, _call: Call, session: Session) -> Response:
        return json_response(self._info(session))

    def _update(self, call: Call, session: Session) -> Response:
        body = call.body if isinstance(call.body, dict) else {}
        session.config = body.get("config") or {}
        if session.status != "STOPPED":
            self.engine.stop(session)
            self.engine.start(session)
        return json_response(self._info(session))

    def _delete(self, call: Call) -> Response:
        session = self.engine.sessions.get(call.request.path_params["session"])
        if session is not None:
            session.phone = ""
            self.engine.stop(session)
            del self.engine.sessions[session.name]
        return Response(status_code=200)

    def _start(self, _call: Call, session: Session) -> Response:
        self.engine.start(session)
        return json_response(self._info(session), 201)

    def _stop(self, _call: Call, session: Session) -> Response:
        self.engine.stop(session)
        return json_response(self._info(session), 201)

    def _restart(self, _call: Call, session: Session) -> Response:
        self.engine.stop(session)
        self.engine.start(session)
        return json_response(self._info(session), 201)

    def _log_out(self, _call: Call, session: Session) -> Response:
        self.engine.log_out(session)
        return json_response(self._info(session), 201)

    def _capping(self, _call: Call, session: Session) -> Response:
        phone = self.engine.phones.get(session.phone)
        if phone is None:
            return not_ready(session, "WORKING")
        return json_response(
            {
                "cappingStatus": phone.capping,
                "totalQuota": phone.quota,
                "usedQuota": phone.used,
                "cycleStart": int(self.now()) - 86400,
                "cycleEnd": int(self.now()) + 29 * 86400,
                "mvStatus": "NOT_ELIGIBLE",
                "oteStatus": "NOT_ELIGIBLE",
            }
        )

    def _timelock(self, _call: Call, session: Session) -> Response:
        phone = self.engine.phones.get(session.phone)
        locked = timelock(phone, self.now()) if phone else None
        return json_response(locked or {"isActive": False})

    def _qr(self, call: Call, session: Session) -> Response:
        """Answer at once: the real one waits 5 s for the status before it says 422."""
        if session.status != "SCAN_QR_CODE":
            return not_ready(session, "SCAN_QR_CODE")
        if call.request.query_params.get("format") == "raw":
            return json_response({"value": session.qr})
        png = _png(session.qr)
        if "application/json" in call.request.headers.get("accept", ""):
            return json_response({"mimetype": "image/png", "data": base64.b64encode(png).decode()})
        return Response(png, media_type="image/png")

    def _code(self, call: Call, session: Session) -> Response:
        phone = call.body.get("phoneNumber") if isinstance(call.body, dict) else None
        if not isinstance(phone, str) or not phone.isdigit():
            return invalid(["phoneNumber must be a phone number"])
        if session.status != "SCAN_QR_CODE":
            return not_ready(session, "SCAN_QR_CODE")
        return json_response({"code": self.engine.ask_code(session, phone)}, 201)

    def _info(self, session: Session) -> dict[str, Any]:
        phone = self.engine.phones.get(session.phone)
        me = None
        if phone is not None and session.status == "WORKING":
            me = {
                "id": f"{phone.number}@c.us",
                "lid": f"9{phone.number}@lid",
                "jid": f"{phone.number}:12@s.whatsapp.net",
                "pushName": phone.name,
                "reachoutTimelock": timelock(phone, self.now()),
                "messageCapping": None,
            }
        return {
            "name": session.name,
            "status": session.status,
            "config": session.config,
            "me": me,
            "engine": {"engine": ENGINE},
            "presence": None,
            "timestamps": {"activity": int(self.now() * 1000)},
        }


def _png(text: str) -> bytes:
    picture = io.BytesIO()
    segno.make_qr(text).save(picture, kind="png", scale=4)
    return picture.getvalue()
