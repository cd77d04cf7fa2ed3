"""The provider side of Connection Software: SOAP for sending, receipts by SOAP.

In a test, or wherever an event loop runs::

    account = Account("demo", "secret", receipt_url="http://127.0.0.1:8123/receipts")
    async with CsoftSimulator([account]) as simulator:
        simulator.url, simulator.form_url  # where messages are sent
        simulator.settings.receipt_content_type = "text/xml"
        simulator.faults.add(Fault(kind=FaultKind.RESET, times=1))
        simulator.faults.add(Fault(kind=FaultKind.REPORT, code=8, destination="*9"))
        simulator.deliver("demo", "447700900123", "Hello")  # until it is collected
        ...
        await simulator.wait_for(lambda s: s.messages_count == 3)
        simulator.messages[0].destination, simulator.messages[0].text
        await simulator.wait_for(lambda s: s.poster.acknowledged == 3)
        simulator.posts[0].status, simulator.posts[0].verdicts
        await simulator.attack(Attack(kind=AttackKind.ENTITY_BOMB))

The two hosts of the system are two simulators. As a process of its own:
`python -m simulator.csoft --help`; see `control` for how to watch and steer it from
outside.
"""

from ..clock import Clock, ManualClock, SystemClock, Timer
from ..scripts import Step
from .accounts import Account
from .attacks import Attack, AttackKind
from .faults import Fault, FaultKind
from .forms import Content, ReceiptForm, Told, compose
from .messages import Incoming, Mailbox, Message, Messages, Stage
from .observation import Observation, RequestRecord
from .posting import Post, Verdict
from .receipts import Receipt
from .reports import NO_CREDIT, UNHEARD_OF, Report, default_rules, default_script
from .requests import NAMESPACE, Service, Submission
from .server import CsoftSimulator
from .settings import Settings

__all__ = [
    "NAMESPACE",
    "NO_CREDIT",
    "UNHEARD_OF",
    "Account",
    "Attack",
    "AttackKind",
    "Clock",
    "Content",
    "CsoftSimulator",
    "Fault",
    "FaultKind",
    "Incoming",
    "Mailbox",
    "ManualClock",
    "Message",
    "Messages",
    "Observation",
    "Post",
    "Receipt",
    "ReceiptForm",
    "Report",
    "RequestRecord",
    "Service",
    "Settings",
    "Stage",
    "Step",
    "Submission",
    "SystemClock",
    "Timer",
    "Told",
    "Verdict",
    "compose",
    "default_rules",
    "default_script",
]
