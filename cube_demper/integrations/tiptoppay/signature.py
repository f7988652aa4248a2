"""Signatures of webhooks (INTEGRATIONS.md B.4): base64 of HMAC-SHA256 under the API secret."""

from __future__ import annotations

import base64
import hmac
from urllib.parse import unquote_to_bytes

OF_RAW, OF_DECODED = "content-hmac", "x-content-hmac"


def is_signed(body: bytes, of_raw: str, of_decoded: str, secret: str) -> bool:
    """Check a body by its headers `Content-HMAC` and `X-Content-HMAC`, in constant time.

    The first is over the bytes as they came, the second over the decoded body; where nothing is
    encoded some terminals sign the raw one under both names. No header, no secret: refused.
    """
    if not secret:
        return False
    raw, decoded = sign(body, secret), sign(decode(body), secret)
    # Every comparison is made, so that time tells nothing of which one fits.
    fits = (_same(of_raw, raw), _same(of_decoded, decoded), _same(of_decoded, raw))
    return any(fits)


def sign(message: bytes, secret: str) -> str:
    """Return the signature of a message."""
    return base64.b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()


def decode(body: bytes) -> bytes:
    """Return a form with its escapes taken away, «+» as a space."""
    return unquote_to_bytes(body.replace(b"+", b" "))


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.strip().encode(), wanted.encode())
