"""`POST /webhooks/tiptoppay/{kind}`: signed events of TipTopPay, applied before they are answered."""

from __future__ import annotations

import hashlib
import io

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from cube_demper import bootstrap
from cube_demper.api.uploads import receive
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import hearing
from cube_demper.domain.billing.gateway import EventKind
from cube_demper.integrations.tiptoppay.events import MOST_BYTES, fields_of
from cube_demper.integrations.tiptoppay.signature import OF_DECODED, OF_RAW, is_signed

PATH = "/webhooks/tiptoppay/{kind}"


def tiptoppay_routes() -> APIRouter:
    """Return the route."""
    router = APIRouter()
    router.add_api_route(PATH, take_event, methods=["POST"])
    return router


async def take_event(kind: EventKind, request: Request) -> JSONResponse:
    """Check the signature, keep the event and say its code; what cannot be kept is told again later."""
    services = bootstrap.web()
    secret = services.settings.tiptoppay.api_secret
    if secret is None:
        return JSONResponse({"message": "Payments by card are off"}, 404)
    file = io.BytesIO()
    await receive(request, file, MOST_BYTES)
    body, headers = file.getvalue(), request.headers
    of_raw, of_decoded = headers.get(OF_RAW, ""), headers.get(OF_DECODED, "")
    if not is_signed(body, of_raw, of_decoded, secret.get_secret_value()):
        return JSONResponse({"message": "Wrong signature"}, 401)
    payload = orjson.dumps(fields_of(body, headers.get("content-type", ""))).decode()
    letter = hearing.Letter(kind, payload, hashlib.sha256(body).hexdigest())
    async with services.db.write() as tx:
        ear, now = bootstrap.payment_ear(services), services.clock.now()
        code = await hearing.take(tx, SYSTEM, ear, letter, now)
    return JSONResponse({"code": code})
