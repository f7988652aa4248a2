"""Embedded Postgres and Valkey: what they offer, how they end, and what a crash leaves."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest
from embedded_owners import Owner, Place
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError


async def run_sql(owner: Owner, statement: str) -> object:
    connection = await asyncpg.connect(owner.said["database_url"])
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def is_redis_alive(owner: Owner) -> bool:
    client = Redis.from_url(owner.said["redis_url"])
    try:
        return bool(await client.ping())
    finally:
        await client.aclose()


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=20)[1]


async def test_they_answer_and_data_survives_a_restart(place: Place) -> None:
    first = place.own()
    await run_sql(first, "CREATE TABLE kept AS SELECT 7 AS n")
    servers = first.servers
    first.stop()
    assert gone(servers)
    second = place.own()
    assert await run_sql(second, "SELECT n FROM kept") == 7
    assert await is_redis_alive(second)


async def test_vectors_and_unicode_order_are_there(place: Place) -> None:
    owner = place.own()
    await run_sql(owner, "CREATE EXTENSION vector")
    assert await run_sql(owner, "SELECT '[3,4]'::vector <-> '[0,0]'") == 5
    assert await run_sql(owner, "SELECT lower('ҚАЗАҚСТАН')") == "қазақстан"


async def test_both_ask_for_the_password(place: Place) -> None:
    said = place.own().said
    parts = urlsplit(said["database_url"])
    wrong = said["database_url"].replace(parts.password, "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)
    client = Redis(port=urlsplit(said["redis_url"]).port)
    with pytest.raises(AuthenticationError):
        await client.ping()
    await client.aclose()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends another account")
def test_root_lends_them_an_account_without_rights(place: Place) -> None:
    assert [server.username() == "root" for server in place.own().servers] == [False, False]


def test_kill_of_the_owner_ends_them(place: Place) -> None:
    owner = place.own()
    servers = owner.servers
    owner.kill()
    assert gone(servers)


async def test_start_after_everything_was_killed(place: Place) -> None:
    owner = place.own()
    await run_sql(owner, "CREATE TABLE kept AS SELECT 7 AS n")
    for victim in [psutil.Process(owner.process.pid), *owner.servers]:
        victim.kill()
    owner.process.wait()
    assert await run_sql(place.own(), "SELECT n FROM kept") == 7


async def test_servers_that_outlived_their_owner_are_replaced(place: Place) -> None:
    owner = place.own("unleashed")
    await run_sql(owner, "CREATE TABLE kept AS SELECT 7 AS n")
    servers = owner.servers
    owner.kill()
    assert all(server.is_running() for server in servers)
    assert await run_sql(place.own(), "SELECT n FROM kept") == 7
    assert gone(servers)


def test_stranger_with_the_pid_of_a_dead_server_is_left_alone(place: Place) -> None:
    place.own().stop()
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        pid_file = place.data_dir / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n")
        (place.data_dir / "valkey" / "valkey.pid").write_text(f"{stranger.pid}\n")
        assert all(server.is_running() for server in place.own().servers)
        assert stranger.poll() is None
        stranger.kill()


def test_interrupted_first_start_leaves_no_half_cluster(place: Place) -> None:
    draft = place.data_dir / "postgres.new"
    draft.mkdir(parents=True)
    (draft / "half").write_text("of a cluster")
    assert place.own().said["pids"]
    assert not draft.exists()


def test_taken_port_is_one_line_and_exit_2(place: Place) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", place.ports[0]))
        listener.listen()
        _, errors = (refused := place.run()).communicate(timeout=30)
    assert refused.returncode == 2
    assert errors.count("\n") == 1
    assert f"Порт {place.ports[0]} занят" in errors
    assert "CUBE_PORT_BASE" in errors


def test_lost_secrets_are_said_before_data_is_touched(place: Place) -> None:
    place.own().stop()
    (place.data_dir / "secrets.json").unlink()
    _, errors = (refused := place.run()).communicate(timeout=30)
    assert refused.returncode == 2
    assert "secrets.json" in errors
    assert (place.data_dir / "postgres" / "PG_VERSION").exists()


def test_sigint_to_the_group_reaches_the_owner_alone(place: Place) -> None:
    owner = place.own()
    groups = {os.getpgid(pid) for pid in owner.said["pids"]}
    assert os.getpgid(owner.process.pid) not in groups
    os.kill(owner.process.pid, signal.SIGTERM)
    assert owner.process.wait(30) == 0
