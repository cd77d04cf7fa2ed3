"""The journal: what must survive a power cut."""
