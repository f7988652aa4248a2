"""Doing things with orders at Kaspi: through the official API, and what the cabinet itself can do."""

from __future__ import annotations

from cube_demper.core.errors import OutcomeUnknown, Refused
from cube_demper.domain.orders.doing.schemas import Errand, LastCheck
from cube_demper.domain.orders.errors import Declined
from cube_demper.integrations.kaspi import order_actions as wire
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.errors import OrderRefused
from cube_demper.integrations.kaspi.gateway import Call, Fill
from cube_demper.integrations.kaspi.orders_client import OrdersClient
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.doing import ActionKind, ActionRefusal


class ApiHands:
    """Implements `domain.orders.doing.schemas.Hands` over the official API."""

    def __init__(self, client: OrdersClient, token: str) -> None:
        """Act with the rights of `token`."""
        self._client, self._token = client, token

    async def do(self, errand: Errand, last_check: LastCheck) -> bool:
        """See `Hands.do`."""
        if errand.asked.kind is ActionKind.REDUCE:
            call = self._client.entry_call(self._token, wire.reduce_body(errand))
        else:
            body, headers = wire.change_body(errand), wire.change_headers(errand)
            call = self._client.change_call(self._token, body, headers)
        try:
            answer = await self._client.gateway.send(call, _after(last_check))
        except OrderRefused as error:
            raise wire.declined(error.titles) from error
        except Refused as error:
            raise Declined(ActionRefusal.OTHER, error.message) from error
        if answer is None:
            return False
        if refusal := wire.refusal_in(answer):
            raise refusal
        if wire.is_going_on(answer):
            raise OutcomeUnknown
        return True


class CabinetHands:
    """The same through the cabinet: of all actions only the packing is known (KASPI.md §2.5)."""

    def __init__(self, client: KaspiClient, session: CabinetSession) -> None:
        """Act as the merchant of `session`."""
        self._client, self._session = client, session

    async def do(self, errand: Errand, last_check: LastCheck) -> bool:
        """See `Hands.do`."""
        if errand.asked.kind is not ActionKind.ASSEMBLE:
            raise Declined(ActionRefusal.NO_TOKEN)
        try:
            return await self._client.pack(
                self._session, wire.cargo_body(errand), _after(last_check)
            )
        except Refused as error:
            raise Declined(ActionRefusal.NO_RIGHT, error.message) from error


def _after(last_check: LastCheck) -> Fill:
    async def fill(call: Call) -> Call | None:
        return call if await last_check() else None

    return fill
