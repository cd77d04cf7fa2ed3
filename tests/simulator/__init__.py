"""The simulators, held against the providers' specifications."""
