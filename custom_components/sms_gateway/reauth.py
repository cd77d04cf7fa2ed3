"""A login that the provider refuses: the user is asked once, and no longer than needed."""

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .coordinator import SmsGatewayConfigEntry
from .quoting import quoted


@callback
def async_follow_login(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Ask for the secret while the provider refuses the login.

    The question goes away by itself when the provider takes the login again.
    """
    account = entry.runtime_data.account
    asking = False

    @callback
    def look(_error: object = None) -> None:
        nonlocal asking
        refused = account.refusal is not None
        if refused and not asking:
            entry.async_start_reauth(hass)
        elif asking and not refused:
            for flow in entry.async_get_active_flows(hass, {SOURCE_REAUTH}):
                hass.config_entries.flow.async_abort(flow["flow_id"])
        asking = refused

    entry.async_on_unload(account.listen(look))
    look()


def refusal_words(entry: SmsGatewayConfigEntry) -> dict[str, str]:
    """Return what the provider said when it refused the login, for the form."""
    refusal = None
    if entry.state is ConfigEntryState.LOADED:
        refusal = entry.runtime_data.account.refusal
    return {"reason": quoted(refusal) if refusal else "–"}
