"""Entries as their set-ups store them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigSubentryData


def account_entry(
    system: str, *subentries: ConfigSubentryData, **login: object
) -> ConfigEntry:
    """Return the entry of an account `bench`."""
    return config_entry(
        "sms_gateway",
        {"system": system, **login},
        title=f"{system} bench",
        options={"sender": "Bench"},
        subentries=subentries,
    )


def websmpp_entry(url: str, *subentries: ConfigSubentryData) -> ConfigEntry:
    """Return the entry of an account at websmpp."""
    return account_entry(
        "websmpp",
        *subentries,
        url=url,
        verify_ssl=True,
        username="bench",
        password="bench",
        webhook_id="bench",
    )


def recipient(number: str) -> ConfigSubentryData:
    """Return a recipient of an account."""
    return ConfigSubentryData(
        data={"numbers": [number]},
        subentry_type="recipient",
        title="Bench",
        unique_id=None,
    )


def config_entry(
    domain: str,
    data: Mapping[str, object],
    *,
    title: str,
    options: Mapping[str, object] | None = None,
    subentries: Sequence[ConfigSubentryData] = (),
) -> ConfigEntry:
    """Return an entry that a user has set up."""
    return ConfigEntry(
        data=data,
        discovery_keys=MappingProxyType({}),
        domain=domain,
        minor_version=1,
        options=options,
        source=SOURCE_USER,
        subentries_data=subentries,
        title=title,
        unique_id=title,
        version=1,
    )
