"""What a user sees, photographed in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import shutil
import time
from typing import Final

from playwright.async_api import BrowserContext, Page, ViewportSize, async_playwright

from .api import HomeApi

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
)
_SIZE: Final = ViewportSize(width=1280, height=860)


def find_browser() -> str | None:
    """Return the path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


@asynccontextmanager
async def logged_in(url: str, api: HomeApi) -> AsyncIterator[Page]:
    """Open a browser whose user is logged in; yields a page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(), args=list(_FLAGS)
        )
        context = await browser.new_context(viewport=_SIZE, color_scheme="light")
        await _log_in(context, url, api)
        try:
            yield await context.new_page()
        finally:
            await browser.close()


async def take_pictures(url: str, api: HomeApi, folder: Path) -> list[Path]:
    """Photograph the dashboard, the integration, a device and the send action."""
    devices = await api.call("config/device_registry/list")
    device = next(each for each in devices if each["name"] == "websmpp demo")
    pages = {
        "dashboard": ("/sms-gateway/0", "Traffic"),
        "integration": ("/config/integrations/integration/sms_gateway", "Night watch"),
        "device": (f"/config/devices/device/{device['id']}", "Delivery rate"),
        "action": (
            "/config/developer-tools/action?service=sms_gateway.send_message",
            "Send SMS",
        ),
    }
    taken: list[Path] = []
    async with logged_in(url, api) as page:
        for name, (path, sight) in pages.items():
            await page.goto(f"{url}{path}")
            await page.get_by_text(sight).first.wait_for(timeout=60_000)
            await page.wait_for_timeout(1500)  # animations and fonts
            picture = folder / f"{name}.png"
            await page.screenshot(path=picture)
            taken.append(picture)
    return taken


async def _log_in(context: BrowserContext, url: str, api: HomeApi) -> None:
    """Give the browser the tokens that the frontend keeps after a login."""
    tokens = {
        "access_token": api.tokens["access_token"],
        "refresh_token": api.tokens["refresh_token"],
        "token_type": "Bearer",
        "expires_in": api.tokens["expires_in"],
        "expires": int(1000 * (time.time() + api.tokens["expires_in"])),
        "hassUrl": url,
        "clientId": f"{url}/",
        "ha_auth_provider": "homeassistant",
    }
    await context.add_init_script(
        f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))})"
    )
