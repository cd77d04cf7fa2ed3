"""All of it in one run."""

from ..figures import Figure
from ..witness import watching
from .broadcast import Broadcast
from .sessions import Sessions


async def measure() -> list[Figure]:
    """Measure everything; takes about a minute."""
    sessions, broadcast = Sessions(), Broadcast()
    async with watching() as witness:
        await sessions.run()
        await broadcast.run()
    return [
        *sessions.figures(witness),
        *broadcast.figures(witness),
        Figure(
            name="machine_frozen_share",
            value=witness.frozen_share,
            note="stood still as a whole",
        ),
    ]
