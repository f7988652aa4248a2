"""Sessions of WAHA: one method a call of INTEGRATIONS.md A.3–A.4."""

from __future__ import annotations

from urllib.parse import quote

from cube_demper.core.errors import ContractChanged, NotFound
from cube_demper.core.settings import WahaSettings
from cube_demper.domain.messaging.sessions.schemas import GatewaySession, GatewayVersion
from cube_demper.integrations.waha.gateway import WahaGateway
from cube_demper.integrations.waha.mapping import (
    is_old_version,
    phone_of,
    session_config,
    session_of,
)
from cube_demper.integrations.waha.wire import dict_of, list_of, text_of


class WahaSessions:
    """See `domain.messaging.sessions.ports.SessionGateway`."""

    def __init__(self, gateway: WahaGateway, settings: WahaSettings, webhook_url: str) -> None:
        """`webhook_url`: where WAHA tells us what happens."""
        self._gateway, self._webhook_url = gateway, webhook_url
        key = settings.hmac_key
        self._hmac_key = key.get_secret_value() if key else ""

    async def version(self) -> GatewayVersion:
        """Return what answers, and whether it is too old for us."""
        body = dict_of(await self._gateway.ask("GET", "/api/server/version"))
        version = text_of(body.get("version"))
        if not version:
            raise ContractChanged("По адресу WAHA_URL отвечает не WAHA")
        return GatewayVersion(version, text_of(body.get("engine")), is_old_version(version))

    async def list_all(self) -> list[GatewaySession]:
        """Return every session, stopped ones too."""
        answer = await self._gateway.ask("GET", "/api/sessions", params={"all": "true"})
        if not isinstance(answer, list):
            raise ContractChanged("WAHA прислала не список сессий")
        return [session_of(item) for item in list_of(answer)]

    async def find(self, name: str) -> GatewaySession | None:
        """Return a session; None when WAHA has none of this name."""
        try:
            return session_of(await self._gateway.ask("GET", _session(name)))
        except NotFound:
            return None

    async def open(self, name: str, owner: str) -> GatewaySession:
        """Make a session with our configuration, or start the one that is there; any number of times."""
        found = await self.find(name)
        if found is None:
            body = {"name": name, "start": True, "config": self._config(owner)}
            return session_of(await self._gateway.ask("POST", "/api/sessions", body))
        if found.webhook_url != self._webhook_url:
            await self._gateway.ask("PUT", _session(name), {"config": self._config(owner)})
        if found.status == "FAILED":
            return session_of(await self._gateway.ask("POST", f"{_session(name)}/restart"))
        return session_of(await self._gateway.ask("POST", f"{_session(name)}/start"))

    async def restart(self, name: str) -> GatewaySession:
        """Stop and start a session."""
        return session_of(await self._gateway.ask("POST", f"{_session(name)}/restart"))

    async def stop(self, name: str) -> GatewaySession:
        """Stop a session; it stays linked to the phone."""
        return session_of(await self._gateway.ask("POST", f"{_session(name)}/stop"))

    async def log_out(self, name: str) -> None:
        """Unlink the phone and stop. Nothing to do when WAHA has no such session."""
        try:
            await self._gateway.ask("POST", f"{_session(name)}/logout")
            # WAHA starts what was running again, and it would show a code that nobody asked for.
            await self._gateway.ask("POST", f"{_session(name)}/stop")
        except NotFound:
            return

    async def delete(self, name: str) -> None:
        """Unlink the phone and forget the session; any number of times."""
        try:
            await self._gateway.ask("DELETE", _session(name))
        except NotFound:
            return

    async def qr(self, name: str) -> str:
        """Return the text of the QR that is valid now. Raises SessionNotReady after 5 s of waiting."""
        path = f"/api/{quote(name, safe='')}/auth/qr"
        value = text_of(
            dict_of(await self._gateway.ask("GET", path, params={"format": "raw"})).get("value")
        )
        if not value:
            raise ContractChanged("WAHA прислала пустой QR-код")
        return value

    async def pairing_code(self, name: str, phone: str) -> str:
        """Ask for the code that the phone `phone` (digits) types in. Raises SessionNotReady, Refused."""
        path = f"/api/{quote(name, safe='')}/auth/request-code"
        code = text_of(
            dict_of(await self._gateway.ask("POST", path, {"phoneNumber": phone})).get("code")
        )
        if not code:
            raise ContractChanged("WAHA прислала пустой код")
        return code

    async def phone_of_lid(self, session: str, lid: str) -> str:
        """Return the digits behind a hidden id; nothing where WhatsApp does not tell."""
        path = f"/api/{quote(session, safe='')}/lids/{lid.partition('@')[0]}"
        try:
            answer = dict_of(await self._gateway.ask("GET", path))
        except NotFound:
            return ""
        return phone_of(text_of(answer.get("pn")))

    def _config(self, owner: str) -> dict[str, object]:
        return session_config(owner, self._webhook_url, self._hmac_key)


def _session(name: str) -> str:
    return f"/api/sessions/{quote(name, safe='')}"
