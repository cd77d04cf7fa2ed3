"""Names that several files of the integration share."""

from typing import Final

DOMAIN: Final = "sms_gateway"

CONF_CLOUDHOOK_URL: Final = "cloudhook_url"
CONF_GMT_FORMAT: Final = "gmt_format"
CONF_IN_FLIGHT: Final = "in_flight"
CONF_KEEP_DAYS: Final = "keep_days"
CONF_LOW_CREDIT: Final = "low_credit"
CONF_NUMBERS: Final = "numbers"
CONF_ON_UNCERTAIN: Final = "on_uncertain"
CONF_REGION: Final = "region"
CONF_SENDER: Final = "sender"
CONF_SYSTEM: Final = "system"
CONF_TIME_TO_LIVE: Final = "time_to_live"
CONF_TRACK_HOURS: Final = "track_hours"
CONF_FLASH: Final = "flash"
SECTION_ADVANCED: Final = "advanced"

SUBENTRY_RECIPIENT: Final = "recipient"

ATTR_CONFIG_ENTRY: Final = "config_entry_id"
ATTR_ENCODING: Final = "encoding"
ATTR_FLASH: Final = "flash"
ATTR_FORMAT: Final = "format"
ATTR_MESSAGE_ID: Final = "message_id"
ATTR_RECIPIENT: Final = "recipient"
ATTR_REFERENCE: Final = "reference"
ATTR_SCHEDULE: Final = "schedule"
ATTR_SENDER: Final = "sender"
ATTR_STATE: Final = "state"
ATTR_TRACK: Final = "track"
ATTR_VALIDITY: Final = "validity"

EVENT_MESSAGE: Final = "sms_gateway_message"
"""Fired on the bus for each incoming message."""
EVENT_RECEIPT: Final = "sms_gateway_receipt"
"""Fired on the bus for each news of a message."""

JOURNAL_FILE: Final = "sms_gateway.db"
