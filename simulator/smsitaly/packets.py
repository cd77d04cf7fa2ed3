"""The interface with packets: a login, a message or both by one string."""

from typing import TYPE_CHECKING

from . import refusals
from .answers import Answer
from .fields import FORMS, Field, InvalidFieldError
from .messages import Interface
from .refusals import RefusedError
from .requests import DATA, LOGIN, Request

if TYPE_CHECKING:
    from .centre import Centre
    from .session import Session


class Packets:
    """The answers to packets; each may raise `RefusedError`."""

    def __init__(self, centre: Centre) -> None:
        """Answer at this gate."""
        self._centre = centre

    def answer(self, session: Session, request: Request) -> Answer:
        """Answer a packet; of a login and data, only the data unless refused."""
        if request.name != DATA:
            if session.account is not None:
                raise RefusedError(refusals.BAD_COMMAND)
            answer = self._centre.login.admit(
                session, request.account, request.password, by_packet=True
            )
            if request.name == LOGIN:
                return answer
        return self._send(session, request.fields or {})

    def _send(self, session: Session, fields: dict[Field, str]) -> Answer:
        """Take a message."""
        account, draft = session.account, session.draft
        if account is None or draft is None:
            raise RefusedError(refusals.BAD_COMMAND)
        draft.clear()
        try:
            for field, value in fields.items():
                draft.put(field, value)
            return self._centre.submissions.send(
                session, account, draft, Interface.PACKET
            )
        except InvalidFieldError as error:
            raise RefusedError(FORMS[error.field].refusal) from error
        finally:
            draft.clear()
