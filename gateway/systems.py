"""The systems as the command line knows them: how each is logged in to.

A password is no option: `cli` asks for it.
"""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
import ssl
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp

from .errors import InputError
from .providers import Provider, csoft, smpp, smsitaly, websmpp


@dataclass(frozen=True, slots=True)
class Access:
    """What every provider may be built from. `insecure` trusts any certificate."""

    session: aiohttp.ClientSession
    user: str
    password: str = field(repr=False)
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """One system: what can be done there, its options, and how its provider is built."""

    title: str
    commands: tuple[str, ...]
    add_options: Callable[[ArgumentParser], None]
    build: Callable[[Access, Namespace], Provider]


def _add_websmpp(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--url",
        required=True,
        help=f"base address of the server, such as {websmpp.EXAMPLE_URL}",
    )
    parser.add_argument(
        "--gmt-format",
        type=websmpp.GmtFormat,
        choices=list(websmpp.GmtFormat),
        default=websmpp.GmtFormat.UTC,
        help="how delivery times are written (default: %(default)s)",
    )


def _build_websmpp(access: Access, options: Namespace) -> Provider:
    login = websmpp.WebsmppLogin(
        url=websmpp.read_url(options.url),
        user=access.user,
        password=access.password,
        gmt_format=options.gmt_format,
    )
    return websmpp.WebsmppProvider(access.session, login)


def _add_smpp(parser: ArgumentParser) -> None:
    parser.add_argument("--host", required=True, help="name or address of the SMSC")
    parser.add_argument(
        "--port", type=int, default=smpp.DEFAULT_PORT, help="(default: %(default)s)"
    )
    parser.add_argument(
        "--mode",
        type=smpp.BindMode,
        choices=list(smpp.BindMode),
        default=smpp.BindMode.TRANSCEIVER,
        help="which sessions are bound (default: %(default)s)",
    )
    parser.add_argument("--tls", action="store_true", help="encrypt the connection")


def _build_smpp(access: Access, options: Namespace) -> Provider:
    tls = ssl.create_default_context() if options.tls else None
    if tls and access.insecure:
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    login = smpp.SmppLogin(
        host=options.host,
        port=options.port,
        system_id=access.user,
        password=access.password,
        mode=options.mode,
        tls=tls,
    )
    return smpp.SmppProvider(login)


def _add_smsitaly(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--server",
        action="append",
        metavar="NAME[:PORT]",
        help=f"may be given again (default: {smsitaly.PRIMARY_HOST}, "
        f"then {smsitaly.SECONDARY_HOST})",
    )
    parser.add_argument(
        "--interface",
        type=smsitaly.Interface,
        choices=list(smsitaly.Interface),
        default=smsitaly.Interface.PACKET,
        help="how messages are written (default: %(default)s)",
    )
    parser.add_argument(
        "--time-zone",
        type=_zone,
        default="Europe/Rome",
        help="that of the server's clock, for --schedule (default: %(default)s)",
    )


def _build_smsitaly(access: Access, options: Namespace) -> Provider:
    names = options.server or (smsitaly.PRIMARY_HOST, smsitaly.SECONDARY_HOST)
    login = smsitaly.SmsitalyLogin(
        hosts=tuple(map(_host, names)),
        account=access.user,
        password=access.password,
        interface=options.interface,
        time_zone=options.time_zone,
    )
    return smsitaly.SmsitalyProvider(login)


def _zone(name: str) -> ZoneInfo:
    """Read a time zone; argparse does so before the event loop runs."""
    try:
        return ZoneInfo(name)
    except ValueError, OSError, ZoneInfoNotFoundError:
        raise ArgumentTypeError(f"there is no time zone {name}") from None


def _host(text: str) -> smsitaly.Host:
    name, _, port = text.partition(":")
    if not port:
        return smsitaly.Host(name)
    if not (port.isascii() and port.isdecimal()):
        raise InputError("server", "server_form", example=f"{smsitaly.PRIMARY_HOST}:27")
    return smsitaly.Host(name, int(port))


def _add_csoft(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--url",
        action="append",
        help=f"may be given again (default: {csoft.PRIMARY_URL}, "
        f"then {csoft.BACKUP_URL})",
    )
    parser.add_argument(
        "--delivery-option",
        type=csoft.DeliveryOption,
        choices=list(csoft.DeliveryOption),
        default=csoft.DeliveryOption.DEFAULT,
        help="which way messages take (default: %(default)s)",
    )


def _build_csoft(access: Access, options: Namespace) -> Provider:
    urls = options.url or (csoft.PRIMARY_URL, csoft.BACKUP_URL)
    login = csoft.CsoftLogin(
        urls=tuple(map(csoft.read_url, urls)),
        username=access.user,
        pin=access.password,
        delivery_option=options.delivery_option,
    )
    return csoft.CsoftProvider(access.session, login)


SYSTEMS: Final = {
    "websmpp": System(
        "websmpp HTTP of an AMS platform",
        ("balance", "status", "coverage", "send"),
        _add_websmpp,
        _build_websmpp,
    ),
    "smpp": System("SMPP 3.4", ("status", "send"), _add_smpp, _build_smpp),
    "smsitaly": System(
        "smsitaly TCP", ("balance", "send"), _add_smsitaly, _build_smsitaly
    ),
    "csoft": System(
        "Connection Software", ("balance", "send"), _add_csoft, _build_csoft
    ),
}
