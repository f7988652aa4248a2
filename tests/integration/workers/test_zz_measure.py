from collections import Counter
import time
import pytest
from doing_scene import DoingScene
from worker_stage import Stage
from cube_demper.domain.orders.doing import selections
from cube_demper.domain.orders.doing.schemas import Request
from cube_demper.domain.orders.doing.selections import Selection
from cube_demper.models import ActionKind
from cube_demper.sandbox.order_lives import Way


@pytest.fixture
def speed() -> float:
    return 1


async def test_measure(stage: Stage) -> None:
    scene = DoingScene(stage)
    orders = await scene.open_shop(*[Way.CITY] * 500)
    chosen = Selection(ids=tuple(o.id for o in orders))
    t = time.monotonic()
    async with stage.db.write() as tx:
        await selections.start(
            tx,
            scene.actor,
            chosen,
            Request(ActionKind.ACCEPT),
            secrets=stage.services.secrets,
            now=stage.clock.now(),
        )
    print("start", time.monotonic() - t)
    t = time.monotonic()
    c = time.process_time()
    await scene.act()
    took = time.monotonic() - t
    times = sorted(
        __import__("datetime").datetime.fromisoformat(it["at"]).timestamp()
        for it in scene.requests(accepted=True)
    )
    most = max(sum(a <= b < a + 1 for b in times) for a in times)
    orders = Counter(it["order"] for it in scene.requests(accepted=True))
    print(
        f"MEASURED {took:.1f} s, {len(orders)} orders, {len(scene.requests())} requests, most in a second {most}, twice {sum(v > 1 for v in orders.values())}, cpu {time.process_time() - c:.1f}"
    )
