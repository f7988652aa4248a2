"""What sessions need from the gateway. All raise Unreachable, CredentialsRejected, ContractChanged."""

from __future__ import annotations

from typing import Protocol

from cube_demper.domain.messaging.sessions.schemas import GatewaySession, GatewayVersion


class SessionGateway(Protocol):
    """Controls the gateway's sessions. Every command may be given twice and does the same."""

    async def version(self) -> GatewayVersion:
        """Return what answers there."""
        ...

    async def list_all(self) -> list[GatewaySession]:
        """Return every session, stopped ones too."""
        ...

    async def find(self, name: str) -> GatewaySession | None:
        """Return a session; None when there is none of this name."""
        ...

    async def open(self, name: str, owner: str) -> GatewaySession:
        """Make a session, or start the one that is there."""
        ...

    async def restart(self, name: str) -> GatewaySession:
        """Stop and start a session. Raises NotFound."""
        ...

    async def log_out(self, name: str) -> None:
        """Unlink the phone and stop."""
        ...

    async def delete(self, name: str) -> None:
        """Unlink the phone and forget the session."""
        ...

    async def qr(self, name: str) -> str:
        """Return the text of the QR that is valid now. Raises SessionNotReady, NotFound."""
        ...

    async def pairing_code(self, name: str, phone: str) -> str:
        """Return the code that the phone types in. Raises SessionNotReady, NotFound, Refused."""
        ...
