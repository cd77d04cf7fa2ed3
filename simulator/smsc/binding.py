"""Binding, unbinding and enquiring: SMPP specification v3.4, 4.1, 4.2 and 4.11."""

from functools import partial

from ..accounts import Account
from . import pdus
from .centre import Centre
from .commands import BOUND, BindMode, Command
from .octets import cstring, optional_parameters
from .pdus import Bind
from .session import Service, Session
from .statuses import CommandStatus, RefusedError
from .tags import Tag

_VERSION_3_4 = 0x34
_MODES = {
    Command.BIND_TRANSMITTER: BindMode.TRANSMITTER,
    Command.BIND_RECEIVER: BindMode.RECEIVER,
    Command.BIND_TRANSCEIVER: BindMode.TRANSCEIVER,
}


class Binding:
    """The services that begin, keep and end a session."""

    def __init__(self, centre: Centre) -> None:
        """Bind to the accounts of this SMSC."""
        self._centre = centre
        self._settings = centre.settings

    def services(self) -> dict[int, Service]:
        """Return the services by command_id."""
        binds: dict[int, Service] = {
            command: Service(partial(self._bind, mode))
            for command, mode in _MODES.items()
        }
        return binds | {
            Command.UNBIND: Service(self._unbind, BOUND),
            Command.ENQUIRE_LINK: Service(self._enquire_link),
        }

    def _bind(self, mode: BindMode, session: Session, body: bytes) -> bytes:
        """Bind a session to an account."""
        settings = self._settings
        if session.mode is not None:
            raise RefusedError(CommandStatus.ESME_RALYBND)
        try:
            request = pdus.read_bind(body)
            account = self._login(request)
            self._admit(account, mode)
        except RefusedError:
            if settings.after_refused_bind == "close":
                session.after_reply(session.close)
            raise
        session.interface_version = request.interface_version
        session.system_type = request.system_type
        session.address_range = request.address_range
        session.bind(account, mode)
        version = settings.sc_interface_version
        response = cstring(settings.system_id)
        if version is None or request.interface_version < _VERSION_3_4:
            return response
        return response + optional_parameters(
            {Tag.SC_INTERFACE_VERSION: bytes((version,))}
        )

    def _login(self, request: Bind) -> Account:
        """Return the account of a system_id and password."""
        if self._settings.system_type not in {None, request.system_type}:
            raise RefusedError(CommandStatus.ESME_RINVSYSTYP)
        account = self._centre.accounts.get(request.system_id)
        known = account is not None and account.password == request.password
        if account is None or not known:
            if self._settings.bind_refusals == "general":
                raise RefusedError(CommandStatus.ESME_RBINDFAIL)
            if account is None:
                raise RefusedError(CommandStatus.ESME_RINVSYSID)
            raise RefusedError(CommandStatus.ESME_RINVPASWD)
        return account

    def _admit(self, account: Account, mode: BindMode) -> None:
        """See that an account may bind so, once more."""
        if account.locked:
            raise RefusedError(self._settings.locked_status)
        if account.expired:
            raise RefusedError(self._settings.expired_status)
        if mode not in account.bind_modes:
            raise RefusedError(CommandStatus.ESME_RBINDFAIL)
        most = account.receivers if mode.receives else account.transmitters
        bound = sum(
            each.mode is not None and each.mode.receives is mode.receives
            for each in self._centre.bound(account.user)
        )
        if most is not None and bound >= most:
            raise RefusedError(self._settings.surplus_status)

    def _unbind(self, session: Session, body: bytes) -> bytes:
        """End a session."""
        pdus.read_nothing(body)
        silent = self._settings.after_unbind == "silent"
        session.after_reply(session.ignore if silent else session.close)
        session.leave()
        return b""

    def _enquire_link(self, session: Session, body: bytes) -> bytes:
        """Show that the SMSC is there; by the table 2-1, only to who is bound."""
        if session.mode is None and self._settings.unbound_enquiry == "refuse":
            raise RefusedError(CommandStatus.ESME_RINVBNDSTS)
        pdus.read_nothing(body)
        return b""
