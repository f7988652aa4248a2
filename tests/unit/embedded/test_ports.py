from __future__ import annotations

import socket

import pytest

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded.ports import free_ports, is_free, require_free


@pytest.fixture
def taken_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_somebody_listens_on_is_not_free(taken_port: int) -> None:
    assert not is_free(taken_port)


def test_taken_port_is_named_with_the_setting_to_change(taken_port: int) -> None:
    with pytest.raises(ConfigurationError) as refused:
        require_free([*free_ports(1), taken_port])
    assert str(taken_port) in refused.value.message
    assert "CUBE_PORT_BASE" in refused.value.message
    assert "\n" not in refused.value.message


def test_free_ports_differ() -> None:
    assert len(set(free_ports(20))) == 20
