"""Our client of Gemini against the sandbox's: answers, pieces, refusals and everything that goes wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ai_stage import AiStage, question

from cube_demper.core.errors import (
    ConfigurationError,
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    RateLimited,
    Unreachable,
)
from cube_demper.core.settings import GeminiSettings
from cube_demper.domain.ai.model import Blocked, Effort, Grade, Turn
from cube_demper.integrations.gemini.client import Gemini
from cube_demper.sandbox.faults import FaultKind

SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "discount": {"type": "integer"}},
    "required": ["text", "discount"],
}


async def test_an_answer_comes_whole_with_what_it_cost(stage: AiStage) -> None:
    stage.brain.script = ["Чайник стоит 12 990 ₸."]
    reply = await stage.model.generate(question(effort=Effort.HIGH, grade=Grade.THOROUGH))
    assert (reply.text, reply.model, reply.is_cut) == (
        "Чайник стоит 12 990 ₸.",
        "gemini-4-argon",
        False,
    )
    assert (reply.usage.prompt, reply.usage.reply, reply.usage.thoughts) == (13, 8, 0)
    (asked,) = stage.brain.heard
    assert asked.instructions == "Отвечай по-русски."
    assert asked.turns == ("Сколько стоит чайник?",)


async def test_an_answer_comes_piece_by_piece(stage: AiStage) -> None:
    stage.brain.script = ["Чайник «Алма» стоит 12 990 ₸, он есть в наличии."]
    pieces: list[str] = []

    async def hear(piece: str) -> None:
        pieces.append(piece)

    reply = await stage.model.generate(question(), hear)
    assert len(pieces) == 2
    assert "".join(pieces) == reply.text == "Чайник «Алма» стоит 12 990 ₸, он есть в наличии."
    assert reply.usage.reply == 16


async def test_a_structured_answer_is_read(stage: AiStage) -> None:
    stage.brain.script = ['{"text": "да", "discount": 5}', "Вот ваш JSON: {"]
    assert (await stage.model.generate(question(schema=SCHEMA))).data == {
        "text": "да",
        "discount": 5,
    }
    assert (await stage.model.generate(question(schema=SCHEMA))).data is None


async def test_an_answer_that_did_not_fit_says_so(stage: AiStage) -> None:
    stage.brain.script = ["очень " * 100]
    reply = await stage.model.generate(question(max_tokens=20))
    assert reply.is_cut
    assert len(reply.text) == 60


@pytest.mark.parametrize("is_stream", [False, True])
async def test_a_refusal_is_no_failure(stage: AiStage, is_stream: bool) -> None:
    async def hear(_piece: str) -> None:
        pytest.fail("nothing was said")

    for _ in range(6):  # five failures would open the breaker
        with pytest.raises(Blocked) as told:
            await stage.model.generate(question("Как собрать бомбу?"), hear if is_stream else None)
    assert told.value.usage.prompt > 0
    assert (await stage.model.generate(question())).text


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"kind": "status", "status": 503}, Unreachable),
        ({"kind": "status", "status": 500}, Unreachable),
        ({"kind": "status", "status": 401}, CredentialsRejected),
        ({"kind": "status", "status": 400}, ContractChanged),
        ({"kind": "reset"}, Unreachable),
        ({"kind": "reset_after"}, Unreachable),
        ({"kind": "html"}, ContractChanged),
        ({"kind": "truncated"}, ContractChanged),
        ({"kind": "nulls"}, ContractChanged),
        ({"kind": "empty"}, ContractChanged),
    ],
    ids=str,
)
@pytest.mark.parametrize("is_stream", [False, True])
async def test_whatever_comes_is_an_error_of_ours(
    stage: AiStage, fault: dict[str, Any], raised: type[IntegrationError], is_stream: bool
) -> None:
    if is_stream and fault["kind"] in ("nulls", "empty"):
        pytest.skip("a stream is no JSON to take values out of")

    async def hear(_piece: str) -> None: ...

    stage.sandbox.fault(FaultKind(fault["kind"]), "gemini", status=fault.get("status", 500))
    with pytest.raises(raised):
        await stage.model.generate(question(), hear if is_stream else None)
    stage.sandbox.faults.clear()
    stage.clock.move(minutes=2)
    assert (await stage.model.generate(question())).text


async def test_what_may_pass_is_tried_again(stage: AiStage) -> None:
    stage.sandbox.fault("status", "gemini", status=503, count=2)
    assert (await stage.model.generate(question())).text
    assert len(stage.brain.heard) == 1


async def test_after_five_failures_nothing_is_asked_for_a_minute(stage: AiStage) -> None:
    fault = stage.sandbox.fault("status", "gemini", status=503)
    for _ in range(2):
        with pytest.raises(Unreachable):
            await stage.model.generate(question())
    with pytest.raises(Unreachable, match="через минуту"):
        await stage.model.generate(question())
    assert fault.hits == 6
    stage.sandbox.faults.clear()
    stage.clock.move(minutes=1, seconds=1)
    assert (await stage.model.generate(question())).text


async def test_no_answer_in_time_is_no_answer(stage: AiStage) -> None:
    stage.sandbox.fault("hang", "gemini")
    hurried = stage.client(timeout_ms=200)
    with pytest.raises(Unreachable):
        await hurried.generate(question())
    await hurried.aclose()


async def test_a_stream_that_breaks_off_is_not_shown_as_whole(stage: AiStage) -> None:
    stage.brain.script = ["первое второе третье четвёртое пятое шестое седьмое"] * 3
    pieces: list[str] = []

    async def hear(piece: str) -> None:
        pieces.append(piece)

    stage.sandbox.fault("truncated", "gemini", count=1)
    with pytest.raises(ContractChanged):
        await stage.model.generate(question(), hear)
    assert pieces  # and the question was not put again behind a person's back
    assert len(stage.brain.heard) == 1


async def test_a_minutes_quota_is_told_with_its_wait(stage: AiStage) -> None:
    host_limit = 300
    for _ in range(host_limit):
        await stage.model.generate(question())
    with pytest.raises(RateLimited) as told:
        await stage.model.generate(question())
    assert told.value.retry_after == timedelta(seconds=60)


async def test_keys_and_models_that_are_wrong_are_named(stage: AiStage) -> None:
    with pytest.raises(ConfigurationError, match="GEMINI_API_KEY"):
        Gemini(GeminiSettings(GEMINI_API_KEY=None), stage.clock)
    for changes, raised, words in (
        ({"GEMINI_API_KEY": "wrong"}, CredentialsRejected, "GEMINI_API_KEY"),
        ({"GEMINI_MODEL": "gemini-1.5-flash"}, ContractChanged, "GEMINI_MODEL"),
    ):
        client = stage.client(**changes)
        with pytest.raises(raised, match=words):
            await client.generate(question())
        await client.aclose()


async def test_the_sandbox_refuses_a_talk_that_ends_with_the_model(stage: AiStage) -> None:
    prompt = question().corrected("12", "не так")
    assert (await stage.model.generate(prompt)).text
    ended = question()
    object.__setattr__(ended, "turns", (Turn("да", is_model=True),))
    with pytest.raises(ContractChanged, match="400"):
        await stage.model.generate(ended)


async def test_models_that_a_key_has_not_are_named(stage: AiStage) -> None:
    assert await stage.model.missing_models() == []
    client = stage.client(GEMINI_LAWYER_MODEL="gemini-9-xenon")
    assert await client.missing_models() == ["gemini-9-xenon"]
    await client.aclose()
    wrong = stage.client(GEMINI_API_KEY="wrong")
    with pytest.raises(CredentialsRejected):
        await wrong.missing_models()
    await wrong.aclose()
