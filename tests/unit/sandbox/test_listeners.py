from __future__ import annotations

import asyncio
import socket

from cube_demper.sandbox.listeners import bind


async def test_an_answer_is_sent_at_once() -> None:
    """Else the kernel holds small answers back until the one before is acknowledged, for 40 ms."""
    delays: asyncio.Queue[int] = asyncio.Queue()

    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        delays.put_nowait(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(connected, sock=bind(0)) as server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await delays.get()
        writer.close()
