"""`POST /webhooks/waha`: signed events of WhatsApp, queued and answered at once; a worker does the rest."""

from __future__ import annotations

import io

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from cube_demper import bootstrap
from cube_demper.api.uploads import receive
from cube_demper.db import outbox
from cube_demper.domain.messaging.hearing.work import TOPIC
from cube_demper.integrations.waha.events import event_key, is_signed, slim
from cube_demper.integrations.waha.wire import dict_of

PATH = "/webhooks/waha"
MOST_BYTES = 2 * 1024 * 1024
"""An event carries no files, only a link to them and a small preview."""


def waha_routes() -> APIRouter:
    """Return the route."""
    router = APIRouter()
    router.add_api_route(PATH, take_event, methods=["POST"])
    return router


async def take_event(request: Request) -> JSONResponse:
    """Check the signature and queue the event; one that came before is answered the same way."""
    services = bootstrap.web()
    waha = services.settings.waha
    if not waha.is_on or waha.hmac_key is None:
        return JSONResponse({"message": "WhatsApp is off"}, 404)
    body = io.BytesIO()
    await receive(request, body, MOST_BYTES)
    raw = body.getvalue()
    signature = request.headers.get("x-webhook-hmac", "")
    if not is_signed(raw, signature, waha.hmac_key.get_secret_value()):
        return JSONResponse({"message": "Wrong signature"}, 401)
    try:
        envelope = dict_of(orjson.loads(raw))
    except orjson.JSONDecodeError:
        return JSONResponse({"message": "Not JSON"}, 400)
    payload = {"sealed": services.secrets.encrypt(orjson.dumps(slim(envelope)).decode())}
    async with services.db.write() as tx:
        now = services.clock.now()
        is_new = await outbox.enqueue(tx, TOPIC, event_key(envelope, raw), payload, now)
    return JSONResponse({"ok": True, "is_new": is_new})
