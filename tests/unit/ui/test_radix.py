"""What a build leaves of Radix: the trim itself, run by Node on a small Radix of our own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cube_demper.ui import radix

_NODE = Path(sys.executable).with_name("node")
_CLASSES = {
    "link.js": 'import{T}from"./text.js";const c="rt-Link"',
    "text.js": 'const c="rt-Text"',
    "card.js": 'const c="rt-BaseCard rt-Card"',
}
_DRIVE = """
import { isWorn, inUse } from "./radix_trim.js";
const used = inUse();
const ask = JSON.parse(process.argv[2]);
console.log(JSON.stringify([ask.map((it) => isWorn(it, used)), [...used.scales].sort()]));
"""


def _kept(web: Path, selectors: list[str]) -> tuple[list[bool], list[str]]:
    (web / "drive.js").write_text(_DRIVE)
    done = subprocess.run(
        [_NODE, "drive.js", json.dumps(selectors)],
        cwd=web,
        check=True,
        capture_output=True,
        text=True,
    )
    worn, scales = json.loads(done.stdout)
    return worn, scales


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Lay out a build folder whose only page has a link and paints with amber."""
    components = tmp_path / "node_modules/@radix-ui/themes/dist/esm/components"
    colours = tmp_path / "node_modules/@radix-ui/themes/tokens/colors"
    for folder in (components, colours, tmp_path / "app"):
        folder.mkdir(parents=True)
    for name, code in _CLASSES.items():
        (components / name).write_text(code)
    for name in ("amber", "indigo", "tomato"):
        (colours / f"{name}.css").write_text("")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "app/page.jsx").write_text(
        'import {Link as RadixThemesLink} from "@radix-ui/themes"\n'
        'jsx(Theme,{accentColor:"indigo"},jsx("p",{style:{color:"var(--amber-11)"}}))'
    )
    (_, code), *_ = radix.TrimmedRadixPlugin().get_static_assets()
    (tmp_path / "radix_trim.js").write_text(str(code))
    return tmp_path


def test_what_no_page_imports_goes_and_what_it_is_made_of_stays(web: Path) -> None:
    worn, scales = _kept(
        web,
        [
            ".rt-Link",
            ".rt-Text:where(.rt-r-size-2)",
            ".rt-Card",
            ".rt-Card:where(.rt-Link)",
            ".xs\\:rt-r-size-2",
            ".rt-reset",
            "[data-accent-color='indigo']",
            "[data-accent-color='tomato']",
        ],
    )
    assert worn == [True, True, False, True, False, True, True, False]
    assert {"amber", "indigo", "gray"} <= set(scales)
    assert "tomato" not in scales


def test_the_trim_stands_after_the_imports_and_once() -> None:
    before = (
        'export default {\n  plugins: {\n    "postcss-import": {},\n    autoprefixer: {},\n  },\n};'
    )
    after = radix._with_trim(before)
    assert (
        after.index("postcss-import") < after.index("radix_trim.js") < after.index("autoprefixer")
    )
    assert radix._with_trim(after) == after


def test_another_configuration_of_reflex_is_an_error_and_no_silent_800_kb() -> None:
    with pytest.raises(ValueError, match="postcss-import"):
        radix._with_trim("export default {}")
