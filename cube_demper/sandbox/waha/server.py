"""The sandbox's WAHA as a whole."""

from __future__ import annotations

from starlette.applications import Starlette

from cube_demper.sandbox.waha.engine import Engine
from cube_demper.sandbox.waha.message_api import MessageApi
from cube_demper.sandbox.waha.session_api import SessionApi
from cube_demper.sandbox.web import Backstage


def waha_app(backstage: Backstage, engine: Engine) -> Starlette:
    """Return the server of this engine."""
    sessions, messages = SessionApi(backstage, engine), MessageApi(backstage, engine)
    return Starlette(routes=[*sessions.routes(), *messages.routes()])
