"""Pages in Debian's Chromium without a window, and all that it says and asks for."""

from __future__ import annotations

import base64
import json
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-default-apps --disable-dev-shm-usage --mute-audio --disable-domain-reliability "
    "--autoplay-policy=user-gesture-required --proxy-server=http://127.0.0.1:9"
)
WAIT_S = 20.0
ROOT = Path(__file__).parents[1]
AXE = ROOT / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
"""Put there by `.ci/run`: `npm install --prefix .axe axe-core@4.14.1`."""
LOOKS = [(width, dark) for width in (390, 1280) for dark in (False, True)]
"""A telephone and a desk, by day and by night: for `Browser.open`."""


class Browser:
    """One Chromium; each page is looked at as by somebody new."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self._driver = driver

    def open(self, page: Path, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Open a page from disk, in a window of a width in CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.command("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[scheme])
        self.messages(), self.requests()
        self._driver.get(page.resolve().as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what a script returns, as a debugger runs it, whatever the page's policy."""
        return self._driver.execute_script(script, *arguments)

    def run_async(self, script: str) -> Any:
        """Return what a promise comes to."""
        self._driver.set_script_timeout(60)
        return self._driver.execute_async_script(
            f"const done = arguments[0]; (async () => {{ {script} }})().then(done)"
        )

    def until(self, condition: str, *arguments: Any) -> Any:
        """Wait until an expression is true, and return it."""
        end_s = time.monotonic() + WAIT_S
        while not (value := self.run(f"return {condition}", *arguments)):
            assert time.monotonic() < end_s, f"never: {condition}"
            time.sleep(0.05)
        return value

    def click(self, selector: str, *, index: int = 0) -> None:
        """Click with a real pointer in the middle of an element."""
        element = self._driver.find_elements("css selector", selector)[index]
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        webdriver.ActionChains(self._driver).move_to_element(element).click().perform()

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        webdriver.ActionChains(self._driver).send_keys(*keys).perform()

    def command(self, name: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the DevTools protocol."""
        return self._driver.execute_cdp_cmd(name, parameters)

    def messages(self) -> list[str]:
        """Return what was said on the console since the last call."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since the last call, embedded data left out."""
        events = (json.loads(e["message"])["message"] for e in self._driver.get_log("performance"))
        sent = (e["params"] for e in events if e["method"] == "Network.requestWillBeSent")
        urls = [event["request"]["url"] for event in sent]
        return [url for url in urls if not url.startswith("data:")]

    def violations(self) -> list[str]:
        """Return what axe-core finds serious or worse on the page that is open."""
        assert AXE.exists(), f"{AXE}: missing; npm install --prefix .axe axe-core@4.14.1"
        self.run(AXE.read_text(encoding="utf-8"))
        found = self.run_async("return (await axe.run()).violations")
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in grave]

    def printed(self) -> bytes:
        """Return the page as the PDF that the browser would print, with the page's own margins."""
        answer = self.command("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(answer["data"])

    def picture(self, path: Path) -> None:
        """Write the whole page as a PNG, for somebody who wants to look at it."""
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        answer = self.command("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(answer["data"]))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium with an empty profile, and end it."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*_FLAGS.split(), f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        try:
            yield Browser(driver)
        finally:
            driver.quit()
