"""A seller's own data as an archive: asked for, made by a worker, taken once within a day."""
