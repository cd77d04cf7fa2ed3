"""What a user sees in a real browser."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from demo.api import HomeApi
from demo.home import link_checkout, running_home
from demo.pictures import find_browser, take_pictures
from demo.systems import WebsmppDemo, furnish

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.mark.skipif(find_browser() is None, reason="there is no Chromium")
async def test_every_page_of_the_account_can_be_opened(
    folder: Path, port: int, tmp_path: Path
) -> None:
    link_checkout(folder)
    async with (
        running_home(folder, port) as url,
        HomeApi(url) as api,
        AsyncExitStack() as stack,
    ):
        await api.onboard("demo", "demo")
        system = WebsmppDemo(api)
        await system.set_up(stack)
        await furnish(api, [system])
        pictures = await take_pictures(url, api, tmp_path)
    assert [picture.stem for picture in pictures] == [
        "dashboard",
        "integration",
        "device",
        "action",
    ]
