"""An SMSC by smpp.twisted3, told by lines of JSON what to do; see server.py."""

import json
import logging
import sys
from typing import Any

from smpp.pdu.operations import DeliverSM, EnquireLink
from smpp.pdu.pdu_types import (
    AddrNpi,
    AddrTon,
    CommandStatus,
    EsmClass,
    EsmClassGsmFeatures,
    EsmClassMode,
    EsmClassType,
)
from smpp.twisted.config import SMPPServerConfig
from smpp.twisted.protocol import DataHandlerResponse, SMPPServerProtocol
from smpp.twisted.server import SMPPServerFactory
from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword, UsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor, stdio
from twisted.internet.defer import Deferred
from twisted.protocols.basic import LineReceiver
from zope.interface import implementer

UDH = EsmClassGsmFeatures.UDHI_INDICATOR_SET


_told, sys.stdout = sys.stdout, sys.stderr
"""The library prints, too: what a test reads is nothing but ours."""


def tell(event: str, **more: Any) -> None:
    print(json.dumps({"event": event, **more}), file=_told, flush=True)


@implementer(ICredentialsChecker)
class Passwords:
    """Knows one user."""

    credentialInterfaces = (IUsernamePassword,)

    def requestAvatarId(self, credentials: UsernamePassword) -> str:
        if (credentials.username, credentials.password) != ("user", "secret"):
            raise UnauthorizedLogin
        return "user"


@implementer(IRealm)
class Realm:
    """Lets everybody in whose password is right."""

    def requestAvatar(self, name: str, mind: object, *interfaces: type) -> Any:
        return interfaces[0], name, lambda: None


class Session(SMPPServerProtocol):
    """Tells what it is asked."""

    def doBindRequest(self, request: Any, state: Any) -> Any:
        done = super().doBindRequest(request, state)
        if self.isBound():
            sessions.append(self)
            tell("bound", **{"as": request.commandId.name.removeprefix("bind_")})
        return done

    def onPDURequest_enquire_link(self, request: Any) -> None:
        super().onPDURequest_enquire_link(request)
        tell("enquired")

    def onPDURequest_unbind(self, request: Any) -> None:
        super().onPDURequest_unbind(request)
        tell("unbound")

    def connectionLost(self, reason: Any) -> None:
        super().connectionLost(reason)
        if self in sessions:
            sessions.remove(self)
        tell("closed")


class Orders(LineReceiver):
    """What the test tells."""

    delimiter = b"\n"

    def lineReceived(self, line: bytes) -> None:
        order = json.loads(line)
        getattr(self, order.pop("do"))(**order)
        tell("done")

    def connectionLost(self, reason: Any) -> None:
        if reactor.running:
            reactor.stop()

    def hold(self) -> None:
        submissions.holds = True

    def release(self) -> None:
        submissions.holds = False
        held, submissions.held = submissions.held, []
        for answer, response in held:
            answer.callback(response)

    def throttle(self, count: int) -> None:
        submissions.throttled = count

    def deliver(self, source: str, destination: str, text: str, receipt: bool) -> None:
        kind = EsmClassType.SMSC_DELIVERY_RECEIPT if receipt else EsmClassType.DEFAULT
        sessions[-1].sendDataRequest(
            DeliverSM(
                source_addr_ton=AddrTon.INTERNATIONAL,
                source_addr_npi=AddrNpi.ISDN,
                source_addr=source,
                destination_addr=destination,
                esm_class=EsmClass(EsmClassMode.DEFAULT, kind),
                short_message=text.encode("ascii"),
            )
        ).addCallbacks(
            lambda result: tell("answered", status=0),
            lambda failure: tell("answered", status=failure.value.response.status.name),
        )

    def enquire(self) -> None:
        sessions[-1].sendRequest(EnquireLink(), 60).addCallback(lambda _: tell("alive"))

    def unbind(self) -> None:
        sessions[-1].unbindAndDisconnect()


class Submissions:
    """Takes messages, or as a test has told."""

    def __init__(self) -> None:
        self.holds = False
        self.throttled = 0
        self.held: list[tuple[Deferred[Any], Any]] = []
        self._last_id = 0

    def take(self, system_id: str, session: Session, request: Any) -> Any:
        if self.throttled:
            self.throttled -= 1
            return CommandStatus.ESME_RTHROTTLED
        self._last_id += 1
        id_ = f"twisted-{self._last_id}"
        fields = request.params
        octets, part = fields["short_message"], None
        if UDH in fields["esm_class"].gsmFeatures:
            end = 1 + octets[0]
            octets, part = octets[end:], list(octets[end - 3 : end])
        unicode = fields["data_coding"].schemeData.name == "UCS2"
        tell(
            "submit",
            id=id_,
            source=fields["source_addr"].decode(),
            destination=fields["destination_addr"].decode(),
            receipt=fields["registered_delivery"].receipt.value - 1,
            text=octets.decode("utf-16-be" if unicode else "ascii"),
            part=part,
        )
        response = DataHandlerResponse(CommandStatus.ESME_ROK, message_id=id_)
        if not self.holds:
            return response
        answer: Deferred[Any] = Deferred()
        self.held.append((answer, response))
        return answer


sessions: list[Session] = []
submissions = Submissions()


def main() -> None:
    """Serve until standard input closes."""
    logging.disable()
    config = SMPPServerConfig(
        msgHandler=submissions.take, systems={"user": {"max_bindings": 4}}
    )
    factory = SMPPServerFactory(config, Portal(Realm(), [Passwords()]))
    factory.protocol = Session
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    tell("listening", port=port.getHost().port)
    stdio.StandardIO(Orders())
    reactor.run()


if __name__ == "__main__":
    sys.exit(main())
