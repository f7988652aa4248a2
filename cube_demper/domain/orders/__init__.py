"""Orders of a store: for now, the token that opens them at Kaspi's official API."""
