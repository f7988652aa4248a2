"""The overview: what the bots did, and how places were held, in numbers kept or indexed."""
