"""Why a connection failed, in words that name no address."""

import os
import socket
import ssl

from ..reasons import Reason


def connection_failure(error: OSError) -> Reason:
    """Say what went wrong; asyncio's own words would name the address."""
    if isinstance(error, TimeoutError):
        return Reason("no_answer")
    if isinstance(error, ssl.SSLError | socket.gaierror) or not error.errno:
        return Reason("cannot_connect", words=error.strerror or error)
    return Reason("cannot_connect", words=os.strerror(error.errno))
