"""Sessions over TLS: with a certificate that is trusted, and with another."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from gateway.errors import UnavailableError
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.session import State

from .conftest import connect
from .peer import Listener, listening


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate of its own for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SMSC")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "smsc.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def secure(certificate: Path) -> AsyncIterator[Listener]:
    """A server that speaks TLS only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with listening(context) as listener:
        yield listener


async def test_a_session_over_tls(secure: Listener, certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    connecting = asyncio.ensure_future(connect(secure, tls=trusting))
    peer = await secure.accept()
    assert (await peer.bind()).command == Command.BIND_TRANSCEIVER
    session = await connecting
    asking = asyncio.ensure_future(session.request(Command.QUERY_SM, b"1"))
    peer.answer(await peer.read(), b"2")
    assert await asking == b"2"
    await session.unbind(0)
    assert session.state is State.CLOSED


async def test_a_certificate_that_nobody_vouches_for(secure: Listener) -> None:
    with pytest.raises(UnavailableError, match="certificate"):
        await connect(secure, tls=ssl.create_default_context())


async def test_a_server_without_tls(listener: Listener) -> None:
    connecting = asyncio.ensure_future(
        connect(listener, tls=ssl.create_default_context())
    )
    peer = await listener.accept()
    peer.write_bytes(b"no TLS here, sorry")
    with pytest.raises(UnavailableError):
        await connecting
