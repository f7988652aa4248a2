"""The client of an egress against real sockets: what left, what did not, and nothing unasked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from cube_demper.embedded.ports import free_ports
from cube_demper.integrations.proxies.egress_client import EgressClient, TransportFailed

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Wire:
    """A server that answers each request with the next bytes; None closes the connection instead."""

    port: int = 0
    answers: list[bytes | None] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                answer = self.answers.pop(0) if self.answers else OK
                if answer is None:
                    break
                writer.write(answer)
                if b"Connection: close" in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    async with await asyncio.start_server(wire.serve, "127.0.0.1", 0) as server:
        wire.port = server.sockets[0].getsockname()[1]
        yield wire


@pytest.fixture
async def client() -> AsyncIterator[EgressClient]:
    client = EgressClient(None)
    yield client
    await client.aclose()


def nothing() -> None:
    pass


async def get(client: EgressClient, url: str, check: Callable[[], None] = nothing) -> bytes:
    answer = await client.request("GET", url, headers={}, before_first_byte=check)
    return answer.content


async def test_nobody_listens_so_nothing_left(client: EgressClient) -> None:
    (port,) = free_ports(1)
    with pytest.raises(TransportFailed) as caught:
        await get(client, f"http://127.0.0.1:{port}/")
    assert not caught.value.has_left


async def test_dead_proxy_so_nothing_left(wire: Wire) -> None:
    (port,) = free_ports(1)
    client = EgressClient(f"http://user:secret@127.0.0.1:{port}")
    with pytest.raises(TransportFailed) as caught:
        await get(client, wire.url)
    assert not caught.value.has_left
    assert "secret" not in str(caught.value)
    await client.aclose()


async def test_proxy_that_refuses_the_tunnel_so_nothing_left(wire: Wire) -> None:
    wire.answers = [b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"]
    client = EgressClient(wire.url)
    with pytest.raises(TransportFailed) as caught:
        await get(client, "https://127.0.0.1:9/")
    assert not caught.value.has_left
    await client.aclose()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\no",
    ],
    ids=["closed", "no HTTP", "cut short"],
)
async def test_answer_lost_on_its_way_may_have_arrived(
    client: EgressClient, wire: Wire, answer: bytes | None
) -> None:
    wire.answers = [answer]
    with pytest.raises(TransportFailed) as caught:
        await get(client, wire.url)
    assert caught.value.has_left
    assert len(wire.heads) == 1


async def test_kept_connection_that_the_server_closed_is_not_asked_again_without_leave(
    client: EgressClient, wire: Wire
) -> None:
    await get(client, wire.url)
    wire.answers = [None]
    with pytest.raises(TransportFailed) as caught:
        await get(client, wire.url)

    assert caught.value.has_left
    assert len(wire.heads) == 2
    assert await get(client, wire.url) == b"ok"


async def test_last_question_is_asked_when_the_connection_stands_and_stops_the_request(
    client: EgressClient, wire: Wire
) -> None:
    def too_late() -> None:
        raise ValueError("too late")

    for _ in range(2):
        with pytest.raises(ValueError, match="too late"):
            await get(client, wire.url, too_late)

    assert wire.heads == []
    assert await get(client, wire.url) == b"ok"


async def test_cookie_of_one_seller_never_travels_with_anothers_request(
    client: EgressClient, wire: Wire
) -> None:
    wire.answers = [OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: mc-sid=of-seller-a; Path=/\r\n\r\n")]
    for _ in range(2):
        await get(client, wire.url)

    assert len(wire.heads) == 2
    assert not [head for head in wire.heads if b"cookie" in head.lower()]


async def test_redirect_is_an_answer(client: EgressClient, wire: Wire) -> None:
    wire.answers = [b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"]
    answer = await client.request("GET", wire.url, headers={}, before_first_byte=nothing)

    assert (answer.status, answer.headers["location"]) == (302, "/login")
    assert len(wire.heads) == 1


async def test_password_goes_to_the_proxy_and_the_whole_address_with_it(wire: Wire) -> None:
    client = EgressClient(wire.url.replace("//", "//user:secret@"))
    assert await get(client, "http://kaspi.example/page?a=1") == b"ok"

    assert wire.heads[0].startswith(b"GET http://kaspi.example/page?a=1 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=" in wire.heads[0]
    await client.aclose()
