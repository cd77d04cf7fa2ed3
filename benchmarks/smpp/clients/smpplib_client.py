"""smpplib's own client, which would wait for each response, made to send a window."""

import logging
import sys
from typing import Any

from smpplib import consts
from smpplib.client import Client

from .rounds import TEXT, next_number, serve


def main() -> None:
    """Be the client."""
    port, window = map(int, sys.argv[1:])
    logging.disable()
    client = Client("127.0.0.1", port, allow_unknown_opt_params=True)
    answered = 0

    def count(**_pdu: Any) -> None:
        nonlocal answered
        answered += 1

    client.set_message_sent_handler(count)
    client.connect()
    client.bind_transceiver(system_id="bench", password="bench")

    def send(messages: int) -> None:
        nonlocal answered
        answered = sent = 0
        while answered < messages:
            while sent < messages and sent - answered < window:
                client.send_message(
                    source_addr_ton=consts.SMPP_TON_ALNUM,
                    source_addr="Bench",
                    dest_addr_ton=consts.SMPP_TON_INTL,
                    dest_addr_npi=consts.SMPP_NPI_ISDN,
                    destination_addr=next_number(),
                    short_message=TEXT.encode("ascii"),
                    registered_delivery=True,
                )
                sent += 1
            client.read_once()

    serve(send)
    client.unbind()
    client.disconnect()


if __name__ == "__main__":
    main()
