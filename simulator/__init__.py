"""Simulators of the SMS providers' side, for the demo, tests and benchmarks.

Each sub-package plays one provider system over real sockets of 127.0.0.1. They are
written from the providers' specifications alone and share no code with the gateway:
what both sides agree on was read twice. What the systems have in common lies beside
them: accounts, clocks, scripts of states. Nothing in here is shipped.
"""
