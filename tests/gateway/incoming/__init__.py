"""How incoming messages are put together and told."""
