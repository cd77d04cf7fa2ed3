"""A provider and a simulated platform over real sockets."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
import logging
from pathlib import Path
import socket
import ssl
from typing import NoReturn, override
from urllib.parse import parse_qsl

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest
from yarl import URL

from gateway.errors import (
    InputError,
    LoginError,
    ProviderError,
    SenderError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from gateway.model import Draft, Encoding, State, Submission
from gateway.providers.websmpp import GmtFormat, WebsmppLogin, WebsmppProvider
from simulator.websmpp import (
    Account,
    Endpoint,
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    MessageType,
    Status,
    WebsmppSimulator,
)

from ..helpers import make_message, numbers
from .conftest import PASSWORD, USER, MakeProvider, Serve
from .test_answers import CLASSES, STATES, summary


async def test_a_message_arrives_as_it_was(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    submission = await websmpp.submit(make_message())
    assert submission == Submission(("2541524",), "Response: 2541524")
    [message] = platform.messages
    assert message.destination == "9613123456"
    assert (message.source, message.text, message.parts) == ("Home", "Fire", 1)


@pytest.mark.parametrize(
    ("text", "encoding", "type_"),
    [
        ("testing English message", Encoding.AUTO, MessageType.ENGLISH),
        ("100 % + [more]", Encoding.AUTO, MessageType.ENGLISH),
        ("a=b", Encoding.AUTO, MessageType.ENGLISH),
        ("Tom & Jerry #1", Encoding.AUTO, MessageType.UNICODE),
        ("zażółć 😀", Encoding.AUTO, MessageType.UNICODE),
        ("été €", Encoding.GSM, MessageType.ENGLISH),
        ("testing $@ Character", Encoding.SPECIAL, MessageType.SPECIAL),
        ("اختبار رسالة عربية", Encoding.ARABIC, MessageType.ARABIC),
        ("long " * 60, Encoding.AUTO, MessageType.ENGLISH),
        ("żó" * 100, Encoding.AUTO, MessageType.UNICODE),
    ],
)
async def test_every_text_arrives_as_it_was(
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    text: str,
    encoding: Encoding,
    type_: MessageType,
) -> None:
    submission = await websmpp.submit(make_message(text=text, encoding=encoding))
    [message] = platform.messages
    assert (message.text, message.type) == (text, type_)
    # The parts that were counted before are the parts that were made.
    assert message.parts == websmpp.measure(text, encoding).parts
    assert len(submission.provider_ids) == message.parts


async def test_sender_numeric_and_alphanumeric(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    for sender in ("9613123456", "My Home"):
        await websmpp.submit(make_message(sender=sender))
    assert [message.source for message in platform.messages] == [
        "9613123456",
        "My Home",
    ]


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


async def test_a_text_or_sender_that_a_post_would_break_goes_by_get(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    assert websmpp.bulk_limit(make_message()) == 10_000
    assert websmpp.bulk_limit(make_message(text="a=b")) == 100
    assert websmpp.bulk_limit(make_message(sender="A&B")) == 100
    # Hexadecimal breaks nowhere.
    assert websmpp.bulk_limit(make_message(text="a&b")) == 10_000
    await websmpp.submit(make_message(text="a=b"))
    assert platform.requests[0].method == "GET"


@pytest.mark.parametrize("form", GmtFormat)
@pytest.mark.parametrize("reading", ["quirk", "correct"])
@pytest.mark.parametrize("password", [PASSWORD, "by=get"])
async def test_a_schedule_in_any_zone(
    make_provider: MakeProvider,
    platform: WebsmppSimulator,
    form: GmtFormat,
    reading: str,
    password: str,
) -> None:
    platform.settings.change({"gmt_reading": reading})
    platform.accounts[USER].password = password
    provider = make_provider(gmt_format=form, password=password)
    moment = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=1)
    for hours in (5.5, -4, 0):
        schedule = moment.astimezone(timezone(timedelta(hours=hours)))
        await provider.submit(make_message(schedule=schedule))
    assert [message.scheduled for message in platform.messages] == [
        moment.timestamp()
    ] * 3


async def test_a_schedule_in_the_past_goes_out_at_once(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await websmpp.submit(make_message(schedule=datetime.now(UTC)))
    assert platform.messages[0].scheduled is None


async def test_a_draft_needs_a_sender(websmpp: WebsmppProvider) -> None:
    with pytest.raises(InputError, match="sender"):
        websmpp.check(Draft(recipients=["1"], text="x"))
    websmpp.check(Draft(recipients=["1"], text="x", sender="Home"))


@pytest.mark.parametrize("code", ErrorCode)
async def test_every_error_on_every_page(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, code: ErrorCode
) -> None:
    platform.errors.add(ForcedError(code=code))
    requests: list[Callable[[], object]] = [
        lambda: websmpp.submit(make_message()),
        lambda: websmpp.submit_bulk([make_message(), make_message()]),
        lambda: websmpp.status("1"),
        websmpp.balance,
        lambda: websmpp.coverage(3),
    ]
    for request in requests:
        with pytest.raises(ProviderError) as error:
            await request()  # type: ignore[misc]
        assert type(error.value) is CLASSES[int(code.name[4:])]
        assert error.value.code == code.name
        assert error.value.failure.text.lower() == code.value.lower()


async def test_a_bad_login(make_provider: MakeProvider) -> None:
    for provider in (make_provider(password="wrong"), make_provider(user="nobody")):
        for request in (
            provider.submit(make_message()),
            provider.balance(),
            provider.coverage(1),
        ):
            with pytest.raises(LoginError):
                await request


@pytest.mark.parametrize("prefix", ["body", "line", "success", "never"])
async def test_prefixes_of_an_answer(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, prefix: str
) -> None:
    platform.settings.change({"prefix": prefix})
    text = "long " * 60
    first = await websmpp.submit(make_message(text=text))
    assert first.provider_ids == ("2541524", "2541525")
    bulk = [make_message(text=text, recipient=each) for each in numbers(3)]
    assert len(summary(list(await websmpp.submit_bulk(bulk)))) == 3
    with pytest.raises(SenderError):
        await websmpp.submit(make_message(sender="x" * 20))


@pytest.mark.parametrize("spelling", ["any", "respid", "respId"])
@pytest.mark.parametrize("reply", ["long", "word"])
async def test_all_eight_states(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, spelling: str, reply: str
) -> None:
    platform.settings.change({"status_parameter": spelling, "status_reply": reply})
    await websmpp.submit(make_message())
    for status in Status:
        platform.set_status(2541524, status)
        receipt = await websmpp.status("2541524")
        assert receipt.state is STATES[status.value]


async def test_a_status_has_its_error_code(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await websmpp.submit(make_message())
    platform.set_status(2541524, "UNDELIV")
    assert (await websmpp.status("2541524")).error_code == "001"
    platform.set_status(2541524, "DELIVRD")
    assert (await websmpp.status("2541524")).error_code is None


@pytest.mark.parametrize(("form", "amount"), [("whole", "12"), ("decimal", "12.34")])
async def test_balance_of_both_kinds(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, form: str, amount: str
) -> None:
    platform.settings.change({"balance_reply": form})
    platform.accounts[USER].credit = Decimal("12.345")
    assert (await websmpp.balance()).amount == Decimal(amount)


async def test_coverage_in_three_forms(websmpp: WebsmppProvider) -> None:
    xls, pdf, csv = [await websmpp.coverage(form) for form in (1, 2, 3)]
    assert xls.content
    assert not xls.rows
    assert pdf.content.startswith(b"%PDF")
    assert csv.rows[0][0] == "Country"
    assert len(csv.rows) > 2
    with pytest.raises(InputError, match="format"):
        await websmpp.coverage(4)


@pytest.mark.parametrize(
    ("method", "limit", "text"), [("POST", 10_000, "Fire"), ("GET", 100, "a=b")]
)
async def test_the_limits_of_a_request(
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    method: str,
    limit: int,
    text: str,
) -> None:
    messages = [make_message(text=text, recipient=each) for each in numbers(limit)]
    assert websmpp.bulk_limit(messages[0]) == limit
    outcomes = await websmpp.submit_bulk(messages)
    assert platform.requests[0].method == method
    assert len(platform.messages) == len(outcomes) == limit
    assert outcomes[-1] == Submission(
        (str(platform.messages[-1].first_id),), str(platform.messages[-1].first_id)
    )
    with pytest.raises(ProviderError, match="HTTP24"):
        await websmpp.submit_bulk([*messages, messages[0]])


async def test_an_answer_in_part(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    messages = [make_message(recipient=each) for each in numbers(5)]
    platform.errors.add(ForcedError(code=ErrorCode.HTTP09, destination="*1", times=1))
    platform.errors.add(ForcedError(code=ErrorCode.HTTP18, destination="*3", times=1))
    assert summary(list(await websmpp.submit_bulk(messages))) == [
        "2541524",
        "HTTP09",
        "2541525",
        "HTTP18",
        "HTTP18",
    ]


def fault(kind: FaultKind, **more: object) -> Fault:
    return Fault(kind=kind, **more)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.RESET, UncertainError),
        (FaultKind.RESET_MIDWAY, UncertainError),
        (FaultKind.HANG, UncertainError),
        (FaultKind.GARBAGE, UncertainError),
        (FaultKind.EMPTY, UncertainError),
    ],
)
@pytest.mark.parametrize("text", ["Fire", "a=b"])
async def test_a_message_that_was_taken_without_an_answer(
    make_provider: MakeProvider,
    platform: WebsmppSimulator,
    kind: FaultKind,
    error: type[ProviderError],
    text: str,
) -> None:
    provider = make_provider(timeout=0.5 if kind is FaultKind.HANG else 20)
    await provider.submit(make_message(text="the connection is open now"))
    platform.faults.add(fault(kind))
    with pytest.raises(error) as caught:
        await provider.submit(make_message(text=text))
    assert type(caught.value) is error
    # By GET too, the request went out once.
    assert len(platform.messages.to("9613123456")) == 2


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.GARBAGE, FaultKind.EMPTY])
async def test_an_enquiry_without_an_answer_can_be_made_again(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, kind: FaultKind
) -> None:
    await websmpp.submit(make_message())
    platform.faults.add(fault(kind))
    for request in (websmpp.balance(), websmpp.status("2541524")):
        with pytest.raises(UnavailableError):
            await request


@pytest.mark.parametrize(
    ("status", "submitting", "asking"),
    [
        (500, UncertainError, UnavailableError),
        (502, UncertainError, UnavailableError),
        (599, UncertainError, UnavailableError),
        (503, UnavailableError, UnavailableError),
        (429, UnavailableError, UnavailableError),
        (404, UnavailableError, UnavailableError),
        (302, UnavailableError, UnavailableError),
    ],
)
async def test_errors_in_the_http_status(
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    status: int,
    submitting: type[ProviderError],
    asking: type[ProviderError],
) -> None:
    platform.faults.add(fault(FaultKind.HTTP_STATUS, status=status))
    with pytest.raises(ProviderError) as error:
        await websmpp.submit(make_message())
    assert type(error.value) is submitting
    assert error.value.code == str(status)
    with pytest.raises(asking):
        await websmpp.balance()
    assert len(platform.requests) == 2


async def test_slow_long_and_mislabelled_answers_are_read(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    for each in (
        fault(FaultKind.LATENCY, seconds=0.05, times=1),
        fault(FaultKind.DRIP, seconds=0.001, times=1),
        fault(FaultKind.CHARSET, times=1),
        fault(FaultKind.CHARSET, charset="nonsense", times=1),
    ):
        platform.faults.add(each)
        assert len((await websmpp.submit(make_message())).provider_ids) == 1


async def test_an_answer_without_end_is_cut(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    platform.faults.add(fault(FaultKind.OVERLONG, size=3_000_000))
    with pytest.raises(UnavailableError):
        await websmpp.balance()


async def test_a_server_that_is_not_there(
    make_provider: MakeProvider, unused_tcp_port: int
) -> None:
    provider = make_provider(url=URL(f"http://127.0.0.1:{unused_tcp_port}/websmpp"))
    with pytest.raises(UnavailableError, match=r"^cannot connect: Connection refused$"):
        await provider.submit(make_message())


class NoResolver(aiohttp.abc.AbstractResolver):
    """A resolver that knows no name."""

    @override
    async def resolve(self, *_: object, **__: object) -> NoReturn:
        raise socket.gaierror(-2, "Name or service not known")

    @override
    async def close(self) -> None:
        pass


async def test_a_name_that_is_unknown() -> None:
    connector = aiohttp.TCPConnector(resolver=NoResolver())
    async with aiohttp.ClientSession(connector=connector) as session:
        login = WebsmppLogin(url=URL("http://nowhere.invalid"), user="u", password="p")
        with pytest.raises(UnavailableError, match="Name or service not known"):
            await WebsmppProvider(session, login).submit(make_message())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", UncertainError),
        (b"\x00\xff\xfe not http\r\n\r\n", UncertainError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n2541524", UncertainError),
        (b"HTTP/1.1 200 OK\r\n" + b"A: " + b"x" * 70_000 + b"\r\n\r\n", UncertainError),
        (b"HTTP/1.1 200 OK\r\nContent-Type: \x01\r\n\r\nERROR - HTTP18", ProviderError),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip", UncertainError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", UncertainError),
        (b"HTTP/1.1 799 Odd\r\n\r\n", UncertainError),
        (b"HTTP/1.1 500 No\r\n\r\nERROR - HTTP18 --> no", ProviderError),
    ],
)
async def test_a_server_that_hardly_speaks_http(
    make_provider: MakeProvider, serve: Serve, answer: bytes, error: type[ProviderError]
) -> None:
    provider = make_provider(url=URL(await serve(answer)))
    with pytest.raises(error):
        await provider.submit(make_message())
    with pytest.raises(ProviderError):
        await provider.coverage(3)


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
            platform.faults.add(fault(kind, times=3, size=3_000_000))
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


def test_a_long_answer_is_no_error_page() -> None:
    login = WebsmppLogin(url=URL("http://x"), user="u", password="longpassword")
    provider = WebsmppProvider(None, login)  # type: ignore[arg-type]
    answer = "longpassword " * 10_000
    assert provider._without_secrets(answer) == answer
    assert provider._without_secrets(answer[:20]) == "*** longpas"
    assert provider._without_secrets("a?password=1&b") == "a?password=***&b"


async def test_requests_have_what_the_specification_names(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await websmpp.submit(make_message())
    await websmpp.status("2541524")
    await websmpp.balance()
    await websmpp.coverage(1)
    submit, status, balance, coverage = platform.requests
    assert dict(parse_qsl(submit.body)) == {
        "user": USER,
        "pass": PASSWORD,
        "sid": "Home",
        "mno": "9613123456",
        "type": "1",
        "text": "Fire",
    }
    assert status.endpoint is Endpoint.STATUS
    assert status.target.partition("?")[2] == "respId=2541524&respid=2541524"
    assert dict(parse_qsl(balance.body)) == {"userid": USER, "password": PASSWORD}
    assert dict(parse_qsl(coverage.body)) == {
        "userid": USER,
        "password": PASSWORD,
        "format": "1",
    }


async def test_states_end_the_same_way_for_a_transient_error(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    platform.errors.add(ForcedError(code=ErrorCode.HTTP11, times=1))
    with pytest.raises(TransientError):
        await websmpp.submit(make_message())
    submission = await websmpp.submit(make_message())
    receipt = await websmpp.status(submission.provider_ids[0])
    assert receipt.state in (State.ENROUTE, State.DELIVERED)
