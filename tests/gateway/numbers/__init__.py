"""Numbers as people write them, and senders."""
