"""The networks that messages can be sent to."""

from typing import NamedTuple


class Network(NamedTuple):
    """A network that messages can be sent to; `prefix` begins its numbers."""

    country: str
    network: str
    prefix: str
    mcc: str
    mnc: str
    price: str


NETWORKS = (
    Network("Lebanon", "Alfa", "9613", "415", "01", "0.035"),
    Network("Lebanon", "Touch", "961", "415", "03", "0.035"),
    Network("India", "Airtel", "91", "404", "10", "0.012"),
    Network("Italy", "TIM", "39", "222", "01", "0.048"),
    Network("United Kingdom", "O2", "44", "234", "10", "0.031"),
)
UNKNOWN_NETWORK = Network("Unknown", "Unknown", "", "000", "00", "0.050")


def network_of(destination: str) -> Network:
    """Return the network of a number."""
    for network in NETWORKS:
        if destination.startswith(network.prefix):
            return network
    return UNKNOWN_NETWORK
