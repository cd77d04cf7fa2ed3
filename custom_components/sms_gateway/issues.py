"""Repair issues: what only the user can mend, with the provider."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_LOW_CREDIT, DOMAIN
from .coordinator import SmsGatewayConfigEntry
from .gateway import Account, AccountStatus, Credit
from .gateway.errors import SessionsError
from .options import DEFAULT_LOW_CREDIT
from .quoting import all_quoted

LOW_CREDIT: Final = "low_credit"
ACCOUNT_EXPIRED: Final = "account_expired"
ACCOUNT_BLOCKED: Final = "account_blocked"
ADDRESS_LOCKED: Final = "address_locked"
TOO_MANY_SESSIONS: Final = "too_many_sessions"
RECEIPTS_REFUSED: Final = "receipts_refused"
ISSUES: Final = (
    LOW_CREDIT,
    ACCOUNT_EXPIRED,
    ACCOUNT_BLOCKED,
    ADDRESS_LOCKED,
    TOO_MANY_SESSIONS,
    RECEIPTS_REFUSED,
)


def is_credit_low(entry: SmsGatewayConfigEntry, credit: Credit) -> bool:
    """Whether the credit is below the threshold of the options."""
    threshold: float = entry.options.get(CONF_LOW_CREDIT, DEFAULT_LOW_CREDIT)
    return credit.amount < threshold


@callback
def async_update_issues(
    hass: HomeAssistant,
    entry: SmsGatewayConfigEntry,
    account: Account,
    credit: Credit | None,
) -> None:
    """Raise and settle the issues of an account."""
    status, connection = account.status, account.provider.connection
    low = status is AccountStatus.NO_CREDIT or (
        credit is not None and is_credit_low(entry, credit)
    )
    if credit is not None or low:
        _set(hass, entry, LOW_CREDIT, low, credit=_words(credit))
    _set(hass, entry, ACCOUNT_EXPIRED, status is AccountStatus.EXPIRED)
    _set(hass, entry, ACCOUNT_BLOCKED, status is AccountStatus.BLOCKED)
    _set(hass, entry, ADDRESS_LOCKED, status is AccountStatus.ADDRESS_LOCKED)
    surplus = connection is not None and connection.has_failed_with(SessionsError.kind)
    _set(hass, entry, TOO_MANY_SESSIONS, surplus)


@callback
def async_set_receipts_refused(
    hass: HomeAssistant, entry: SmsGatewayConfigEntry, raised: bool
) -> None:
    """Raise or settle the issue of receipts with a wrong login."""
    _set(hass, entry, RECEIPTS_REFUSED, raised)


@callback
def async_delete_issues(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Settle all issues of an account that is removed."""
    for issue in ISSUES:
        ir.async_delete_issue(hass, DOMAIN, f"{issue}_{entry.entry_id}")


def _words(credit: Credit | None) -> str:
    """Say how much it is; a provider that counts parts has no currency."""
    if credit is None:
        return "0"
    return f"{credit.amount} {credit.currency or ''}".rstrip()


def _set(
    hass: HomeAssistant,
    entry: SmsGatewayConfigEntry,
    issue: str,
    raised: bool,
    **words: str,
) -> None:
    issue_id = f"{issue}_{entry.entry_id}"
    if not raised:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders=all_quoted(account=entry.title, **words),
    )
