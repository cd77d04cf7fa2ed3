"""The ledger, which alone changes messages, and the rules by which it does."""
