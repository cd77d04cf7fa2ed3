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
_ACTION: Final = {
    "action": "sms_gateway.send_message",
    "data": {
        "target": ["notify.night_watch", "+961 3 123 456"],
        "title": "Alarm",
        "message": "Water in the cellar!",
    },
}
_SETTLE: Final = 5_000
"""Milliseconds for icons, charts and fonts."""
_PATIENCE: Final = 180_000
"""Milliseconds: the frontend loads slowly on a busy machine."""
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
        context = await browser.new_context(
            viewport=_SIZE, color_scheme="light", reduced_motion="reduce"
        )
        await _remember(context, "hassTokens", _tokens(url, api))
        await _remember(context, "panel-dev-action-state-service-data", _ACTION)
        try:
            yield await context.new_page()
        finally:
            await browser.close()


async def take_pictures(url: str, api: HomeApi, folder: Path) -> list[Path]:
    """Photograph the integration, a device, the send action and the dashboard."""
    devices = await api.call("config/device_registry/list")
    device = next(each for each in devices if each["name"] == "websmpp demo")
    pages = {
        "integration": ("/config/integrations/integration/sms_gateway", "Night watch"),
        "device": (f"/config/devices/device/{device['id']}", "Delivery rate"),
        "action": ("/config/developer-tools/action", "Send SMS"),
        "dashboard": ("/sms-gateway/0", "Traffic"),
    }
    taken: list[Path] = []
    async with logged_in(url, api) as page:
        for name, (path, sight) in pages.items():
            await page.goto(f"{url}{path}")
            await page.get_by_text(sight).first.wait_for(timeout=_PATIENCE)
            await page.wait_for_timeout(_SETTLE)
            picture = folder / f"{name}.png"
            await page.screenshot(path=picture)
            taken.append(picture)
    return taken


async def _remember(context: BrowserContext, key: str, value: object) -> None:
    """Give the browser what the frontend keeps in it from an earlier visit."""
    await context.add_init_script(
        f"localStorage.setItem({json.dumps(key)}, {json.dumps(json.dumps(value))})"
    )


def _tokens(url: str, api: HomeApi) -> dict[str, object]:
    """What the frontend keeps after a login."""
    return {
        "access_token": api.tokens["access_token"],
        "refresh_token": api.tokens["refresh_token"],
        "token_type": "Bearer",
        "expires_in": api.tokens["expires_in"],
        "expires": int(1000 * (time.time() + api.tokens["expires_in"])),
        "hassUrl": url,
        "clientId": f"{url}/",
        "ha_auth_provider": "homeassistant",
    }
