"""Price wars: what one was, what it cost, and what the seller may do while it rests."""
