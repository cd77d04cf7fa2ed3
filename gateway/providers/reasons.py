"""Why a connection failed, in words that name no address."""

import os
import socket
import ssl


def connection_failure(error: OSError) -> str:
    """Say what went wrong; asyncio's own words would name the address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError | socket.gaierror) or not error.errno:
        return f"cannot connect: {error.strerror or error}"
    return f"cannot connect: {os.strerror(error.errno)}"
