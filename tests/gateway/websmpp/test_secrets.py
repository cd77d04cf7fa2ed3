"""Passwords and texts stay between us and the server."""

from datetime import UTC, datetime, timedelta
import logging
from pathlib import Path
import ssl

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest
from yarl import URL

from gateway.errors import ProviderError, UnavailableError
from gateway.providers.websmpp import WebsmppLogin, WebsmppProvider
from simulator.websmpp import Account, Fault, FaultKind, WebsmppSimulator

from ..conftest import Serve
from ..helpers import make_message
from .conftest import PASSWORD, USER, MakeProvider


async def test_the_password_stays_out_of_the_address(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await websmpp.submit(make_message())
    await websmpp.balance()
    await websmpp.coverage(3)
    for request in platform.requests:
        assert request.method == "POST"
        assert PASSWORD not in request.target
        assert PASSWORD in request.body


@pytest.mark.parametrize("password", ["Tom&Jerry", "a=b", "50%&more", "+ #?"])
async def test_any_password_gets_through(
    make_provider: MakeProvider, platform: WebsmppSimulator, password: str
) -> None:
    platform.accounts["odd"] = Account("odd", password)
    provider = make_provider(user="odd", password=password)
    await provider.submit(make_message())
    assert (await provider.balance()).amount == 999
    assert (await provider.coverage(3)).rows
    method = "GET" if {"&", "="} & set(password) else "POST"
    assert {request.method for request in platform.requests} == {method}


def self_signed(folder: Path) -> ssl.SSLContext:
    """Make a server's context with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context


async def test_a_certificate_is_checked(
    session: aiohttp.ClientSession, serve: Serve, tmp_path: Path
) -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\n2541524"
    url = await serve(answer, self_signed(tmp_path))
    login = WebsmppLogin(url=URL(url), user=USER, password=PASSWORD)
    with pytest.raises(UnavailableError, match="CERTIFICATE_VERIFY_FAILED"):
        await WebsmppProvider(session, login).submit(make_message())
    # The session is the caller's, and so is the choice to trust anybody.
    connector = aiohttp.TCPConnector(ssl=False)
    async with aiohttp.ClientSession(connector=connector) as trusting:
        submission = await WebsmppProvider(trusting, login).submit(make_message())
    assert submission.provider_ids == ("2541524",)


async def test_no_secret_and_no_text_in_any_error(
    make_provider: MakeProvider,
    platform: WebsmppSimulator,
    serve: Serve,
    caplog: pytest.LogCaptureFixture,
) -> None:
    import traceback

    password = "S3cret=word"
    text = "the very secret text"
    platform.accounts[USER].password = password
    echo = f"GET /websms?user=u&pass={password}&mno=1 {password} HTTP99 --> {password}"
    pages = [
        platform.base_url,
        await serve(b"HTTP/1.1 200 OK\r\n\r\n" + echo.encode()),
        await serve(b"HTTP/1.1 400 Bad\r\n\r\n" + echo.encode()),
        await serve(b"nonsense\r\n\r\n"),
        "http://127.0.0.1:1/websmpp",
    ]
    for kind in FaultKind:
        if kind not in (
            FaultKind.HANG,
            FaultKind.LATENCY,
            FaultKind.CHARSET,
            FaultKind.DRIP,
        ):
            platform.faults.add(Fault(kind=kind, times=3, size=3_000_000))
    for url in pages:
        provider = make_provider(url=URL(url), password=password)
        for _ in range(6):
            for request in (
                provider.submit(make_message(text=text)),
                provider.balance(),
                provider.coverage(3),
            ):
                try:
                    await request
                except ProviderError as error:
                    logging.getLogger("test").error("x", exc_info=error)
                    told = "".join(traceback.format_exception(error))
                    told += f"{error.answer} {error.failure}"
                    assert password not in told
                    assert text not in told
    assert password not in caplog.text
    assert text not in caplog.text


async def test_a_long_answer_is_no_error_page(make_provider: MakeProvider) -> None:
    provider = make_provider(password="longpassword")
    answer = "longpassword " * 10_000
    assert provider._without_secrets(answer) == answer
    assert provider._without_secrets(answer[:20]) == "*** longpas"
    assert provider._without_secrets("a?password=1&b") == "a?password=***&b"
