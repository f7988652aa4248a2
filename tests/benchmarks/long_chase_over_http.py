"""The chase over HTTP for four hours of the market's time: twelve minutes for each policy."""

from __future__ import annotations

from tests.benchmarks._market_day import Day
from tests.benchmarks.chase_over_http import CARDS, SPEED, show


def main() -> None:
    """Play and print."""
    show(Day(CARDS, SPEED, 4.0, ""))


if __name__ == "__main__":
    main()
