"""The vectors of INTEGRATIONS.md B.4, made with the key `test-secret-key`."""

from __future__ import annotations

import pytest

from cube_demper.integrations.tiptoppay.signature import decode, is_signed, sign

KEY = "test-secret-key"
BODY = (
    b"TransactionId=4673194557&Amount=4990.00&Currency=KZT&InvoiceId=inv-1&AccountId=org%3a42"
    b"&Description=%d0%9f%d0%be%d0%b4%d0%bf%d0%b8%d1%81%d0%ba%d0%b0+PRO&Status=Completed&TestMode=1"
)
OF_RAW = "BBiEnBtBiwC8sWndZj7U9m1PcDsUxBjBuDtCbpvF/Qw="
OF_DECODED = "qoIXUb3wGLIaYBhPohmWX2mcHvNvqPAS2Um9LeW3f7I="


def test_the_vectors_of_the_paper() -> None:
    assert sign(BODY, KEY) == OF_RAW
    assert sign(decode(BODY), KEY) == OF_DECODED
    assert decode(BODY).decode().endswith("Description=Подписка PRO&Status=Completed&TestMode=1")


@pytest.mark.parametrize(
    ("of_raw", "of_decoded"),
    [
        (OF_RAW, ""),
        ("", OF_DECODED),
        (OF_RAW, OF_DECODED),
        ("", OF_RAW),
        (f" {OF_RAW} ", "x"),
        ("x", OF_DECODED),
    ],
)
def test_one_right_signature_is_enough(of_raw: str, of_decoded: str) -> None:
    assert is_signed(BODY, of_raw, of_decoded, KEY)


@pytest.mark.parametrize(
    ("of_raw", "of_decoded"),
    [("", ""), (OF_DECODED, ""), (OF_RAW[:-1], ""), ("", OF_DECODED.lower()), ("é", "ключ")],
)
def test_all_else_is_refused(of_raw: str, of_decoded: str) -> None:
    assert not is_signed(BODY, of_raw, of_decoded, KEY)


def test_another_body_another_key_and_no_key_are_refused() -> None:
    assert not is_signed(BODY.replace(b"4990", b"4991"), OF_RAW, OF_DECODED, KEY)
    assert not is_signed(BODY, OF_RAW, OF_DECODED, "another")
    assert not is_signed(BODY, sign(BODY, ""), sign(decode(BODY), ""), "")
    assert not is_signed(b"", "", "", KEY)
