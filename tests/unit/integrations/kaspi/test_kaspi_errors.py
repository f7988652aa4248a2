"""Answers and failures of the network as errors that say what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.integrations.kaspi import errors
from cube_demper.integrations.kaspi.limits.rules import Host
from cube_demper.integrations.proxies.egress_client import Answer, TransportFailed

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)


def judged(
    status: int, host: Host = Host.CABINET, *, is_send: bool = False, **headers: str
) -> IntegrationError | None:
    answer = Answer(status, {k.replace("_", "-"): v for k, v in headers.items()})
    return errors.from_status(answer, host, is_send=is_send, now=NOW)


@pytest.mark.parametrize(
    ("status", "host", "is_send", "kind"),
    [
        (200, Host.SHOP, False, type(None)),
        (403, Host.SHOP, False, errors.EgressBlocked),
        (429, Host.SHOP, False, errors.EgressBlocked),
        (526, Host.SHOP, False, errors.EgressBlocked),
        (500, Host.SHOP, False, Unreachable),
        (400, Host.SHOP, False, Refused),
        (405, Host.SHOP, False, ContractChanged),
        (302, Host.CABINET, False, CredentialsRejected),
        (401, Host.CABINET, False, CredentialsRejected),
        (401, Host.CABINET, True, CredentialsRejected),
        (400, Host.CABINET, True, Refused),
        (403, Host.CABINET, True, Refused),
        (404, Host.CABINET, False, ContractChanged),
        (407, Host.CABINET, True, Unreachable),
        (429, Host.CABINET, False, RateLimited),
        (429, Host.CABINET, True, errors.StoreBlocked),
        (502, Host.CABINET, False, Unreachable),
        (502, Host.CABINET, True, OutcomeUnknown),
    ],
)
def test_status_says_what_to_do(status: int, host: Host, is_send: bool, kind: type) -> None:
    assert type(judged(status, host, is_send=is_send)) is kind


class TestRetryAfter:
    def test_store_rests_as_long_as_kaspi_says(self) -> None:
        error = judged(429, is_send=True, Retry_After="120")

        assert isinstance(error, errors.StoreBlocked)
        assert error.retry_after == timedelta(seconds=120)

    @pytest.mark.parametrize("value", ["", "soon", "-5", "0", "Sun, 22 Nov 2020 05:00:00 GMT"])
    def test_without_a_readable_one_the_ban_is_half_an_hour(self, value: str) -> None:
        error = judged(429, is_send=True, Retry_After=value)

        assert isinstance(error, errors.StoreBlocked)
        assert error.retry_after == timedelta(minutes=30)

    def test_date_is_read(self) -> None:
        error = judged(429, Host.SHOP, Retry_After="Sun, 22 Nov 2026 05:00:40 GMT")

        assert isinstance(error, errors.EgressBlocked)
        assert error.retry_after == timedelta(seconds=40)


def test_send_that_never_left_is_not_unknown() -> None:
    error = TransportFailed("ClientConnectorError", has_left=False)

    assert isinstance(errors.from_transport(error, is_send=True), Unreachable)


def test_send_that_may_have_arrived_is_unknown() -> None:
    error = TransportFailed("ServerDisconnectedError", has_left=True)

    assert isinstance(errors.from_transport(error, is_send=True), OutcomeUnknown)
    assert isinstance(errors.from_transport(error, is_send=False), Unreachable)


class TestReadJson:
    def test_html_with_status_200_is_a_changed_contract_with_a_sample(self) -> None:
        page = Answer(200, content=b"<html><title>Access denied</title></html>")

        with pytest.raises(ContractChanged, match="страницу") as caught:
            errors.read_json(page)
        assert "Access denied" in caught.value.sample

    def test_truncated_json_is_unreadable(self) -> None:
        cut = Answer(200, {"Content-Type": "json"}, b'{"offers":[{"price":')

        with pytest.raises(ContractChanged, match="нечитаемые"):
            errors.read_json(cut)


def test_sample_keeps_no_person_and_no_session() -> None:
    text = (
        '{"email":"ivan.petrov@example.kz","phone":"+7 (701) 234-56-78","mc-sid":"abc.def-1",'
        '"cellPhone":"7012345678"} Cookie: mc-session=1711182916.687|825e; token=zzz'
    )

    sample = errors.redacted_sample(text)

    for secret in ("ivan", "234-56", "abc.def", "7012345678", "825e", "zzz"):
        assert secret not in sample


def test_graphql_error_inside_200_is_a_refusal() -> None:
    refusal = errors.graphql_refusal({"errors": [{"message": "Missing field argument 'id'"}]})

    assert refusal is not None
    assert "Missing field" in refusal.message
    assert errors.graphql_refusal({"data": {}}) is None
