"""An inbox that remembers what it was brought and told."""

from gateway.errors import ProviderError
from gateway.ledger import Recording
from gateway.model import AccountStatus, Credit, Fragment, Message, Receipt


class RecordingInbox:
    """Takes everything at once."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.incoming: list[Fragment] = []
        self.told: list[ProviderError | None] = []
        self.noted: list[ProviderError] = []

    def receive(self, receipt: Receipt) -> Recording[Message | None]:
        self.receipts.append(receipt)
        return _recorded()

    def take(self, fragment: Fragment) -> Recording[None]:
        self.incoming.append(fragment)
        return _recorded()

    def note_connection(self, error: ProviderError | None) -> None:
        self.told.append(error)

    def note(self, error: ProviderError) -> None:
        self.noted.append(error)

    def note_credit(self, credit: Credit) -> None:
        raise AssertionError(credit)

    def note_status(self, status: AccountStatus) -> None:
        raise AssertionError(status)


def _recorded[T]() -> Recording[T | None]:
    recording = Recording[T | None]()
    recording.resolve(None)
    return recording
