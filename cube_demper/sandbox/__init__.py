"""A local Kaspi that behaves as the papers say, with rivals that fight back.

`python -m cube_demper.sandbox` serves it; tests use `async with Sandbox.start(…) as sandbox`.
"""
