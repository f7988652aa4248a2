"""What all calls of the sandbox's WAHA share: the key, being away, and who a call is about."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from cube_demper.sandbox.waha.engine import Engine
from cube_demper.sandbox.waha.world import Session
from cube_demper.sandbox.web import Backstage, Call, Handler, Host, json_response

KEY = "sandbox-waha-key"
"""The X-Api-Key of the sandbox's own WAHA."""


class WahaHost(Host):
    """The server's ways in."""

    name = "waha"

    def __init__(self, backstage: Backstage, engine: Engine) -> None:
        """Serve this engine."""
        super().__init__(backstage)
        self.engine = engine

    def guard(self, call: Call) -> Response | None:
        """Refuse a wrong key."""
        if call.request.headers.get("x-api-key") != KEY:
            return json_response({"message": "Unauthorized", "statusCode": 401}, 401)
        return None

    async def _answer(self, call: Call, handler: Handler) -> Response | None:
        if self.engine.is_down:
            call.request.state.abort()
            return None
        return await super()._answer(call, handler)

    def known(self, handler: Callable[[Call, Session], Response]) -> Handler:
        """Find the session of the address, or answer 404."""

        def handle(call: Call) -> Response:
            name = call.request.path_params["session"]
            session = self.engine.sessions.get(name)
            if session is None:
                return json_response({"message": "Session not found", "statusCode": 404}, 404)
            return handler(call, session)

        return handle


def not_ready(session: Session, expected: str) -> Response:
    """Answer 422: the session is in another state."""
    return json_response(
        {
            "error": "Session status is not as expected. Try again later or restart the session",
            "session": session.name,
            "status": session.status,
            "expected": [expected],
        },
        422,
    )


def invalid(words: list[str]) -> Response:
    """Answer 400 in the words of the validator."""
    return json_response({"statusCode": 400, "message": words, "error": "Bad Request"}, 400)


def failed(words: str) -> Response:
    """Answer 500 in the words of the engine."""
    return json_response({"statusCode": 500, "message": words}, 500)
