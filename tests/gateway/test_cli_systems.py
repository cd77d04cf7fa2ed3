"""`python -m gateway` with every system, over simulated ones."""

from argparse import ArgumentParser
import asyncio
from collections.abc import Awaitable, Callable
import ssl

import aiohttp
import pytest

from gateway import cli
from gateway.providers import smpp
from gateway.systems import SYSTEMS, Access
from simulator import csoft, smsc, smsitaly

from .helpers import refused

PASSWORD = "Tr0ub4do"
NUMBER = "+9613123456"
SEND = (NUMBER, "--text", "Fire", "--sender", "Home")
FIRST_LINE = "1 part(s) for each number, GSM 03.38\n"


type Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; gives its exit code, stdout and stderr."""
    monkeypatch.setenv("SMS_GATEWAY_USER", "demo")
    monkeypatch.setenv("SMS_GATEWAY_PASSWORD", PASSWORD)

    async def run(*arguments: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(cli.main, arguments)
        return code, *capsys.readouterr()

    return run


async def test_csoft(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    account = csoft.Account("demo", PASSWORD, credit="15.2345", price="0.01")
    async with csoft.CsoftSimulator([account]) as host:
        login = ["--url", "http://127.0.0.1:1", "--url", host.url]
        assert await run("csoft", "balance", *login) == (
            cli.DONE,
            "15.2345 GBP\n",
            "",
        )
        option = ["--delivery-option", "Economy"]
        assert await run("csoft", "send", *login, *option, *SEND) == (
            cli.DONE,
            f"{FIRST_LINE}{NUMBER} 3C7D98A4 accepted\n",
            "",
        )
        assert host.messages[0].submission.option == "Economy"
        monkeypatch.setenv("SMS_GATEWAY_PASSWORD", "wrong PIN")
        code, out, err = await run("csoft", "send", *login, *SEND)
        assert code == cli.REFUSED
        assert out.endswith(f"{NUMBER} - failed (2: Invalid login)\n")
        assert "wrong" not in out + err


async def test_smsitaly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    account = smsitaly.Account("demo", PASSWORD, credit=100)
    async with smsitaly.SmsItalySimulator([account]) as gate:
        login = ["--server", f"{gate.host}:{gate.port}", "--interface", "ascii"]
        assert await run("smsitaly", "balance", *login) == (
            cli.DONE,
            "100 credits\n",
            "",
        )
        code, out, _ = await run("smsitaly", "send", *login, *SEND)
        assert (code, out) == (cli.DONE, f"{FIRST_LINE}{NUMBER} - accepted\n")
        assert gate.messages[0].text == "Fire"
        monkeypatch.setenv("SMS_GATEWAY_PASSWORD", "wrong")
        code, _, err = await run("smsitaly", "send", *login, *SEND)
        assert code == cli.REFUSED
        assert err.startswith("error: 89: ")
        assert len(gate.messages) == 1


async def test_smpp(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async with smsc.SmscSimulator([smsc.Account("demo", PASSWORD)]) as centre:
        centre.settings.script = smsc.default_script(0)
        centre.settings.rules = {}
        login = ["--host", centre.host, "--port", str(centre.port)]
        code, out, _ = await run("smpp", "send", *login, *SEND, "--wait", "120")
        assert code == cli.DONE
        assert out.endswith(" delivered\n")
        id_ = out.split()[-2]
        code, out, _ = await run("smpp", "status", *login, id_, "--sender", "Home")
        assert (code, out) == (cli.DONE, f"{id_} delivered\n")
        monkeypatch.setenv("SMS_GATEWAY_PASSWORD", "wrong")
        code, _, err = await run("smpp", "send", *login, *SEND)
        assert code == cli.REFUSED
        assert "Invalid Password" in err or "Bind" in err


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ("smpp", "balance"),
        ("smsitaly", "status"),
        ("csoft", "coverage"),
        ("smpp", "coverage"),
    ],
)
def test_what_a_system_has_not_is_not_offered(
    system: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        cli.main([system, command])
    assert error.value.code == cli.UNUSABLE
    assert "invalid choice" in capsys.readouterr().err


async def test_a_bad_server_is_one_sentence(run: Run) -> None:
    assert await run("smsitaly", "balance", "--server", "x:y") == (
        cli.UNUSABLE,
        "",
        "error: --server: a server must be written such as tcp.smsitaly.com:27\n",
    )


@pytest.mark.parametrize("system", SYSTEMS)
async def test_the_defaults_of_every_system(system: str) -> None:
    parser = ArgumentParser()
    SYSTEMS[system].add_options(parser)
    needed = {"smpp": ["--host", "x"], "websmpp": ["--url", "x"]}
    options = parser.parse_args(needed.get(system, []))
    async with aiohttp.ClientSession() as session:
        access = Access(session, "demo", PASSWORD)
        provider = SYSTEMS[system].build(access, options)
        await provider.close()
    assert PASSWORD not in repr(provider)


@pytest.mark.parametrize("insecure", [False, True])
async def test_tls_is_checked_unless_told_otherwise(insecure: bool) -> None:
    parser = ArgumentParser()
    SYSTEMS["smpp"].add_options(parser)
    async with aiohttp.ClientSession() as session:
        access = Access(session, "demo", PASSWORD, insecure=insecure)
        provider = SYSTEMS["smpp"].build(
            access, parser.parse_args(["--host", "x", "--tls"])
        )
    assert isinstance(provider, smpp.SmppProvider)
    context = provider._login.tls
    assert context is not None
    assert (context.verify_mode is ssl.CERT_NONE) is insecure


async def test_a_login_that_cannot_be_is_refused_at_once() -> None:
    parser = ArgumentParser()
    SYSTEMS["smsitaly"].add_options(parser)
    async with aiohttp.ClientSession() as session:
        with refused("password", "password_length", most=20):
            SYSTEMS["smsitaly"].build(
                Access(session, "demo", "x" * 21), parser.parse_args([])
            )
