"""What the command line is given, and what it answers to programs."""

import asyncio
from datetime import UTC, datetime, timedelta
import io
import json
import os
from pathlib import Path
import sys
from zoneinfo import ZoneInfo

import pytest

from gateway import cli
from gateway.cli import telling
from simulator import smsitaly
from simulator.smsitaly import Field
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .test_cli import NUMBER, PASSWORD, Run, platform, run

__all__ = ["platform", "run"]

TEXT = ["--text", "Fire", "--sender", "Home"]


def sent_to(platform: WebsmppSimulator) -> list[str]:
    return [f"+{each.destination}" for each in platform.messages]


async def test_numbers_come_from_files_and_arguments(
    run: Run, platform: WebsmppSimulator, tmp_path: Path
) -> None:
    file = tmp_path / "numbers"
    file.write_text("# the watch\n\n+961 70 000 001\n  +96170000002  \n")
    code, _, err = await run("send", NUMBER, "--numbers-from", str(file), *TEXT)
    assert (code, err) == (cli.DONE, "")
    assert sent_to(platform) == [NUMBER, "+96170000001", "+96170000002"]


async def test_numbers_come_from_standard_input(
    run: Run, platform: WebsmppSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("+96170000001\n+96170000002\n"))
    code, _, _ = await run("send", "-", *TEXT)
    assert code == cli.DONE
    assert sent_to(platform) == ["+96170000001", "+96170000002"]


async def test_the_user_name_is_not_read_among_the_numbers(
    run: Run, platform: WebsmppSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMS_GATEWAY_USER")
    monkeypatch.setattr(sys, "stdin", io.StringIO("+96170000001\n"))
    code, _, err = await run("send", "-", *TEXT)
    assert code == cli.UNUSABLE
    assert "give --user" in err
    assert platform.requests_count == 0


async def test_a_file_that_cannot_be_read_is_one_sentence(
    run: Run, tmp_path: Path
) -> None:
    code, _, err = await run("send", "--numbers-from", str(tmp_path / "none"), *TEXT)
    assert code == cli.UNUSABLE
    assert "No such file" in err
    assert err.count("\n") == 1


async def test_one_bad_number_among_many_is_named_and_nothing_is_sent(
    run: Run, platform: WebsmppSimulator
) -> None:
    code, _, err = await run("send", NUMBER, "nobody", "03 123 456", *TEXT)
    assert code == cli.UNUSABLE
    assert err.startswith("error: nothing was sent: NUMBER: 'nobody' is no phone")
    assert "'03 123 456' has no country code" in err
    assert "or give --region" in err
    assert platform.requests_count == 0


async def test_of_many_bad_numbers_five_are_named(run: Run) -> None:
    bad = [f"nobody{number}" for number in range(7)]
    _, _, err = await run("send", *bad, *TEXT)
    assert "nobody4" in err
    assert "nobody5" not in err
    assert err.endswith("and 2 more\n")


async def test_a_program_is_answered_with_one_object(
    run: Run, platform: WebsmppSimulator
) -> None:
    code, out, err = await run("send", NUMBER, *TEXT, "--json")
    assert (code, err) == (cli.DONE, "")
    answer = json.loads(out)
    (message,) = answer["messages"]
    assert (answer["parts"], answer["alphabet"]) == (1, "GSM 03.38")
    assert message["recipient"] == NUMBER
    assert message["state"] == "accepted"
    assert "Fire" not in out
    (provider_id,) = message["provider_ids"]

    _, out, _ = await run("balance", "--json")
    assert json.loads(out) == {"amount": "9", "currency": None}
    _, out, _ = await run("status", provider_id, "--json")
    assert json.loads(out)["messages"][0]["provider_id"] == provider_id
    _, out, _ = await run("coverage", "--json")
    assert json.loads(out)["rows"][0][0] == "Country"


async def test_a_file_of_networks_is_told_to_a_program(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "networks.pdf"
    options = ["--format", "pdf", "--output", str(file), "--json"]
    _, out, _ = await run("coverage", *options)
    assert json.loads(out)["bytes"] == file.stat().st_size


async def test_a_program_is_told_what_went_wrong(
    run: Run, platform: WebsmppSimulator
) -> None:
    code, out, err = await run("send", NUMBER, "--text", "x", "--json")
    assert (code, out) == (cli.UNUSABLE, "")
    error = json.loads(err)["error"]
    assert (error["field"], error["option"]) == ("sender", "--sender")
    assert error["key"] == "sender_missing"
    platform.errors.add(ForcedError(code=ErrorCode.HTTP18))
    code, out, _ = await run("send", NUMBER, *TEXT, "--json")
    assert code == cli.REFUSED
    assert "HTTP18" in json.loads(out)["messages"][0]["reason"]


async def test_waiting_is_refused_where_nothing_can_be_heard(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await asyncio.to_thread(
        cli.main,
        ["csoft", "send", "--url", "http://127.0.0.1:1", NUMBER, *TEXT, "--wait", "1"],
    )
    assert code == cli.UNUSABLE


async def test_the_progress_is_one_line_that_goes_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_PATIENCE", 0)
    async with telling.progress(lambda: 3, 10, shown=True):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    shown = capsys.readouterr().err
    assert "\r3 of 10 taken" in shown
    assert shown.endswith(f"\r{' ' * len('3 of 10 taken')}\r")
    async with telling.progress(lambda: 3, 10, shown=False):
        await asyncio.sleep(0)
    assert capsys.readouterr().err == ""


async def test_a_time_is_that_instant_in_the_servers_zone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SMS_GATEWAY_USER", "demo")
    monkeypatch.setenv("SMS_GATEWAY_PASSWORD", PASSWORD)
    time = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)
    account = smsitaly.Account("demo", PASSWORD, credit=10)
    async with smsitaly.SmsItalySimulator([account]) as gate:
        options = ["--server", f"127.0.0.1:{gate.port}", *TEXT]
        for zone in ([], ["--time-zone", "Asia/Tokyo"]):
            arguments = [*options, *zone, NUMBER, "--schedule", time.isoformat()]
            code = await asyncio.to_thread(cli.main, ["smsitaly", "send", *arguments])
            assert code == cli.DONE, capsys.readouterr()
        written = [each.fields for each in gate.messages]
    for fields, name in zip(written, ("Europe/Rome", "Asia/Tokyo"), strict=True):
        there = time.astimezone(ZoneInfo(name))
        assert int(fields[Field.SMS_DAY]) == there.day
        assert int(fields[Field.SMS_HOUR]) % 12 == there.hour % 12
        assert int(fields[Field.SMS_MINUTE]) == there.minute


async def test_a_zone_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["smsitaly", "send", NUMBER, *TEXT, "--time-zone", "Europe/Atlantis"])
    assert ended.value.code == cli.UNUSABLE
    assert "there is no time zone Europe/Atlantis" in capsys.readouterr().err


async def test_the_program_itself_reads_numbers_and_answers(
    platform: WebsmppSimulator,
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway", "websmpp", "send", "-", *TEXT, "--json"),
        *("--url", platform.base_url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(cli.__file__).parents[2],
        env={
            **os.environ,
            "SMS_GATEWAY_USER": "demo",
            "SMS_GATEWAY_PASSWORD": PASSWORD,
        },
    )
    out, _ = await process.communicate(b"+96170000001\n+96170000002\n")
    assert process.returncode == cli.DONE
    states = [each["state"] for each in json.loads(out)["messages"]]
    assert states == ["accepted", "accepted"]
    assert sent_to(platform) == ["+96170000001", "+96170000002"]
