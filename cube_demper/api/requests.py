"""What the API reads out of a request: the caller's address and browser."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

from cube_demper.core.settings import Settings
from cube_demper.domain.accounts.schemas import Visitor


def client_ip(scope: Scope, trusted_hops: int) -> str:
    """Return the caller's address; X-Forwarded-For counts only behind `trusted_hops` proxies of ours."""
    client = scope.get("client")
    direct = str(client[0]) if client else ""
    if not trusted_hops:
        return direct
    # Repeated headers are one list, in order; the last entries are those our proxies wrote.
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    hops = [hop.strip() for hop in forwarded if hop.strip()]
    return hops[-trusted_hops] if len(hops) >= trusted_hops else direct


def visitor_of(scope: Scope, settings: Settings) -> Visitor:
    """Return where a request came from."""
    agent = Headers(scope=scope).get("user-agent", "")
    return Visitor(ip=client_ip(scope, settings.trusted_proxy_hops), user_agent=agent[:300])
