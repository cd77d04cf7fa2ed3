"""The measurements, each with its peers in the same run on the same machine."""
