"""Business-free ground: settings, errors, money, clock, ids, crypto, logging. Imports nothing of ours."""
