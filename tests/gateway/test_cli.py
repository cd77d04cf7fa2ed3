"""`python -m gateway`, over a simulated platform."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
import runpy
import sys

import pytest

from gateway import Gateway, cli, tracker
from simulator.websmpp import (
    Account,
    Endpoint,
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    WebsmppSimulator,
    default_rules,
    default_script,
)

PASSWORD = "Tr0ub4dor"
NUMBER = "+9613123456"


@pytest.fixture
async def platform() -> AsyncIterator[WebsmppSimulator]:
    async with WebsmppSimulator([Account("demo", PASSWORD, credit=10)]) as platform:
        platform.settings.script = default_script(0)
        platform.settings.rules = default_rules(0)
        yield platform


type Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def run(
    platform: WebsmppSimulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a command; gives its exit code, stdout and stderr."""
    monkeypatch.setenv("SMS_GATEWAY_USER", "demo")
    monkeypatch.setenv("SMS_GATEWAY_PASSWORD", PASSWORD)

    async def run(command: str, *arguments: str) -> tuple[int, str, str]:
        options = ["websmpp", command, "--url", platform.base_url, *arguments]
        code = await asyncio.to_thread(cli.main, options)
        return code, *capsys.readouterr()

    return run


async def test_balance(run: Run) -> None:
    assert await run("balance") == (cli.DONE, "10 credits\n", "")


async def test_another_user(run: Run, platform: WebsmppSimulator) -> None:
    platform.accounts["other"] = Account("other", PASSWORD, credit=7)
    assert (await run("balance", "--user", "other"))[1] == "7 credits\n"


async def test_sending_tells_the_parts_first(
    run: Run, platform: WebsmppSimulator
) -> None:
    code, out, err = await run("send", NUMBER, "--text", "Fire", "--sender", "Home")
    assert (code, err) == (cli.DONE, "")
    assert out == (f"1 part(s) for each number, GSM 03.38\n{NUMBER} 2541524 accepted\n")
    assert platform.messages[0].text == "Fire"


async def test_sending_in_unicode_to_several_in_a_region(
    run: Run, platform: WebsmppSimulator
) -> None:
    arguments = ["--text", "ж" * 71, "--sender", "Home", "--region", "LB"]
    _, out, _ = await run("send", "03 123456", "+96170000008", *arguments)
    first, *messages = out.splitlines()
    assert first == "2 part(s) for each number, UCS-2"
    assert f"{NUMBER} 2541524,2541525 accepted" in messages
    assert len(messages) == 2


async def test_sending_later(run: Run, platform: WebsmppSimulator) -> None:
    code, _, _ = await run(
        "send", NUMBER, "--text", "x", "--sender", "Home",
        "--schedule", "2060-05-10T14:22+05:30", "--gmt-format", "signed",
        "--encoding", "unicode",
    )  # fmt: skip
    assert code == cli.DONE
    assert platform.requests[0].body.endswith("&gmt=+0530&schtime=206005101422")


async def test_waiting_for_the_end(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "FIRST_LOOK", timedelta(milliseconds=1))
    arguments = ["--text", "x", "--sender", "Home", "--wait", "120"]
    code, out, _ = await run("send", "+96170000000", *arguments)
    assert (code, out.splitlines()[-1]) == (
        cli.DONE,
        "+96170000000 2541524 delivered",
    )
    code, out, _ = await run("send", "+96170000000", "+96170000001", *arguments)
    assert code == cli.REFUSED, "one has not arrived"
    assert "undeliverable" in out


async def test_waiting_no_longer_than_asked(
    run: Run, platform: WebsmppSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "FIRST_LOOK", timedelta(hours=1))
    arguments = ["--text", "x", "--sender", "Home", "--wait", "0.05"]
    code, out, _ = await run("send", "+96170000007", *arguments)
    assert code == cli.REFUSED, "it has not arrived within the time"
    assert out.endswith("accepted\n")
    assert platform.counts[Endpoint.STATUS] == 0


async def test_a_refusal_is_shown_and_is_the_exit_code(
    run: Run, platform: WebsmppSimulator
) -> None:
    platform.errors.add(ForcedError(code=ErrorCode.HTTP18))
    code, out, _ = await run("send", NUMBER, "--text", "x", "--sender", "Home")
    assert code == cli.REFUSED
    assert f"{NUMBER} - failed (HTTP18: INSUFFICIENT CREDITS/BALANCE)" in out


async def test_a_message_that_still_waits_is_no_success(
    run: Run, platform: WebsmppSimulator
) -> None:
    platform.faults.add(Fault(kind=FaultKind.HTTP_STATUS, endpoint=Endpoint.SUBMIT))
    code, out, _ = await run("send", NUMBER, "--text", "x", "--sender", "Home")
    assert code == cli.REFUSED
    assert "queued (503: Service Unavailable)" in out


async def test_a_journal_can_be_kept(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    arguments = ["--text", "x", "--sender", "Home", "--journal", str(path)]
    await run("send", NUMBER, *arguments)
    gateway = await Gateway.open(path)
    [message] = await gateway._journal.named(["2541524"])
    assert message.recipient == NUMBER
    await gateway.close()


async def test_status(run: Run, platform: WebsmppSimulator) -> None:
    await run("send", NUMBER, "+96170000001", "--text", "x", "--sender", "Home")
    assert await run("status", "2541524", "2541525") == (
        cli.DONE,
        "2541524 delivered\n2541525 undeliverable 001\n",
        "",
    )
    code, _, err = await run("status", "1")
    assert (code, err) == (cli.REFUSED, "error: HTTP25: No Record Found\n")


async def test_coverage(run: Run, tmp_path: Path) -> None:
    code, out, _ = await run("coverage")
    assert code == cli.DONE
    assert out.startswith("Country\tNetwork")
    for name in ("xls", "pdf", "csv"):
        path = tmp_path / name
        code, out, _ = await run("coverage", "--format", name, "--output", str(path))
        assert code == cli.DONE
        assert out.startswith(f"{path.stat().st_size} bytes of ")
    code, _, err = await run("coverage", "--format", "pdf")
    assert (code, err) == (
        cli.UNUSABLE,
        "error: --output: pdf is no text; name a file to write it to\n",
    )
    code, _, err = await run("coverage", "--output", str(tmp_path))
    assert (code, err) == (cli.REFUSED, "error: Is a directory\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([NUMBER, "--text", "x"], "--sender: this system needs a sender; name one"),
        (
            ["12", "--text", "x", "--sender", "H"],
            "NUMBER: '12' has no country code; write it",
        ),
        ([NUMBER, "--text", "", "--sender", "H"], "--text: the message is empty"),
        (
            [NUMBER, "--text", "ж", "--sender", "H", "--encoding", "gsm"],
            "--encoding: the encoding 'gsm' cannot carry this text",
        ),
        (
            [NUMBER, "--text", "x", "--sender", "H", "--schedule", "2000-01-01"],
            "--schedule: the delivery time must be in the future",
        ),
        (
            [NUMBER, "--text", "x", "--url", "ftp://x"],
            "--url: the address must be written such as",
        ),
    ],
)
async def test_a_bad_value_is_one_sentence(
    run: Run, platform: WebsmppSimulator, arguments: list[str], sentence: str
) -> None:
    code, _, err = await run("send", *arguments)
    assert code == cli.UNUSABLE
    assert err.startswith(f"error: nothing was sent: {sentence}")
    assert err.count("\n") == 1
    assert platform.requests_count == 0


async def test_a_bad_login_is_one_sentence_without_the_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_GATEWAY_PASSWORD", "wrong password")
    assert await run("balance") == (
        cli.REFUSED,
        "",
        "error: INVALID USER/PASSWORD\n",
    )


async def test_who_gives_no_login_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMS_GATEWAY_USER")
    monkeypatch.delenv("SMS_GATEWAY_PASSWORD")
    monkeypatch.setattr("builtins.input", lambda _: "demo")
    monkeypatch.setattr(cli, "getpass", lambda _: PASSWORD)
    assert (await run("balance"))[0] == cli.DONE

    def refuse(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(cli, "getpass", refuse)
    assert await run("balance") == (cli.REFUSED, "", "error: interrupted\n")


def test_the_password_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        cli.main(["websmpp", "balance", "--password", "x"])
    assert error.value.code == cli.UNUSABLE
    with pytest.raises(SystemExit):
        cli.main(["websmpp", "send", "1", "--text", "x", "--schedule", "tomorrow"])
    assert "invalid" in capsys.readouterr().err


def test_it_is_run_as_a_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gateway", "--help"])
    with pytest.raises(SystemExit) as error:
        runpy.run_module("gateway", run_name="__main__")
    assert error.value.code == 0
    assert "python -m gateway" in capsys.readouterr().out
