"""The provider side of smsitaly: SMS over a TCP port, by commands and by packets.

In a test, or wherever an event loop runs::

    async with SmsItalySimulator([Account("demo", "secret", credit=100)]) as simulator:
        simulator.host, simulator.port  # where it listens, for both interfaces
        simulator.faults.add(Fault(kind=FaultKind.DROP, command="SendSMS", times=1))
        simulator.faults.add(Fault(kind=FaultKind.ERROR, code=101, command="Password"))
        ...
        await simulator.wait_for(lambda s: s.messages_count == 3)
        simulator.messages[0].recipient, simulator.messages[0].text
        simulator.shut_down("demo")  # -ERR 102

As a process of its own: `python -m simulator.smsitaly --help`; see `control` for how to
watch and steer it from outside.
"""

from ..clock import Clock, ManualClock, SystemClock, Timer
from .accounts import Account, Status
from .answers import Answer
from .faults import Fault, FaultKind
from .fields import Field
from .messages import Interface, Message, Messages
from .observation import Exchange, Observation, SessionRecord
from .refusals import Refusal
from .server import SmsItalySimulator
from .session import Session
from .settings import Settings
from .texts import Content

__all__ = [
    "Account",
    "Answer",
    "Clock",
    "Content",
    "Exchange",
    "Fault",
    "FaultKind",
    "Field",
    "Interface",
    "ManualClock",
    "Message",
    "Messages",
    "Observation",
    "Refusal",
    "Session",
    "SessionRecord",
    "Settings",
    "SmsItalySimulator",
    "Status",
    "SystemClock",
    "Timer",
]
