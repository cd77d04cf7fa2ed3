"""Core's `ntfy`, which is the peer where entries are set up and reloaded."""

from .peer import ntfy_entry, running_ntfy, without_releases

__all__ = ["ntfy_entry", "running_ntfy", "without_releases"]
