"""The provider side of SMPP 3.4: a short message service centre (SMSC).

In a test, or wherever an event loop runs::

    async with SmscSimulator([Account("demo", "secret", credit=100)]) as smsc:
        smsc.host, smsc.port  # where it listens
        smsc.settings.change({"id_form": "hex", "receipt_id_form": "decimal"})
        smsc.faults.add(Fault(kind=FaultKind.RESET, command=Command.SUBMIT_SM, times=1))
        ...
        await smsc.wait_for(lambda s: s.messages_count == 3)
        smsc.messages[0].text
        smsc.originate("demo", source="9613000111", destination="4040", text="Yes")

An account that is given to a websmpp simulator too has its credit in common there. As
a process of its own: `python -m simulator.smsc --help`.
"""

from ..accounts import Account
from ..clock import Clock, ManualClock, SystemClock, Timer
from ..scripts import Step
from .commands import BindMode, Command
from .deliveries import Delivery
from .faults import Fault, FaultKind
from .messages import Message, Messages, Stage
from .observation import Observation, PduRecord
from .pdus import Address, ShortMessage
from .server import SmscSimulator
from .session import Session
from .settings import Settings
from .states import MessageState, Script, default_rules, default_script
from .statuses import CommandStatus
from .tags import Tag
from .user_data import Part

__all__ = [
    "Account",
    "Address",
    "BindMode",
    "Clock",
    "Command",
    "CommandStatus",
    "Delivery",
    "Fault",
    "FaultKind",
    "ManualClock",
    "Message",
    "MessageState",
    "Messages",
    "Observation",
    "Part",
    "PduRecord",
    "Script",
    "Session",
    "Settings",
    "ShortMessage",
    "SmscSimulator",
    "Stage",
    "Step",
    "SystemClock",
    "Tag",
    "Timer",
    "default_rules",
    "default_script",
]
