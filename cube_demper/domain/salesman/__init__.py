"""The AI salesman (SPEC §7.3): the model proposes a message to a buyer, this code decides what is said."""
