"""What the tests of receipts share."""

from simulator.smsc import ManualClock

from .esme import Esme, Pdu

TIMES = "submit date:1605101400 done date:1605101400"


async def receipt(esme: Esme, clock: ManualClock, **changes: object) -> Pdu:
    """Return the receipt of a message."""
    await esme.submit(**changes)
    clock.advance(0.2)
    return await esme.take()
