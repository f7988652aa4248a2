"""Worker processes: `python -m workers NAME [--once] [--until-idle]`."""
