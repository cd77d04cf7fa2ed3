"""The provider side of the websmpp HTTP system, as AMS servers run it.

In a test, or wherever an event loop runs::

    async with WebsmppSimulator([Account("demo", "secret", credit=100)]) as simulator:
        simulator.base_url  # "http://127.0.0.1:40123/websmpp"
        simulator.faults.add(Fault(kind=FaultKind.RESET, times=1))
        simulator.errors.add(ForcedError(code=ErrorCode.HTTP12, destination="*9"))
        ...
        await simulator.wait_for(lambda s: s.messages_count == 3)
        simulator.messages[0].text

As a process of its own: `python -m simulator.websmpp --help`; see `control` for how to
watch and steer it from outside.
"""

from ..accounts import Account
from ..clock import Clock, ManualClock, SystemClock, Timer
from ..scripts import Step
from .endpoints import Endpoint
from .errors import ErrorCode, ForcedError
from .faults import Fault, FaultKind
from .messages import Message, Messages, State
from .observation import RequestRecord
from .parts import MessageType
from .push import Receipt
from .server import WebsmppSimulator
from .settings import Settings
from .statuses import Script, Status, default_rules, default_script

__all__ = [
    "Account",
    "Clock",
    "Endpoint",
    "ErrorCode",
    "Fault",
    "FaultKind",
    "ForcedError",
    "ManualClock",
    "Message",
    "MessageType",
    "Messages",
    "Receipt",
    "RequestRecord",
    "Script",
    "Settings",
    "State",
    "Status",
    "Step",
    "SystemClock",
    "Timer",
    "WebsmppSimulator",
    "default_rules",
    "default_script",
]
