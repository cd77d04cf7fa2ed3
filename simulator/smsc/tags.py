"""The tags of the optional parameters that the simulator reads or writes."""

from enum import IntEnum


class Tag(IntEnum):
    """A parameter tag (SMPP specification v3.4, clause 5.3.2)."""

    DEST_ADDR_SUBUNIT = 0x0005
    RECEIPTED_MESSAGE_ID = 0x001E
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    MS_AVAILABILITY_STATUS = 0x0422
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


VENDOR_TAGS = {0x0428: b"\x00", 0x1403: b"41501\x00"}
"""What SMSCs were seen to add to receipts beyond the specification, with values."""
