"""Against servers that others have written."""
