"""How much one file of an archive may hold."""

from __future__ import annotations

from typing import Final

MOST_ROWS: Final = 500_000
"""Of one file, the newest; a seller of 5,000 goods makes that many decisions in months."""
