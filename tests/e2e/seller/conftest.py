"""The stage of workers, for journeys that end at the sandbox."""

from worker_stage import plan, speed, stage

__all__ = ["plan", "speed", "stage"]
