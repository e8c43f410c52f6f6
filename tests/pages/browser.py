"""A real browser: headless Chromium, spoken to over its DevTools port."""

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

# Key, its code and what it types, as DevTools wants them.
KEYS = {"Tab": ("Tab", 9, ""), "Enter": ("Enter", 13, "\r")}
MOST_STOPS = 300
# Whether what has the focus shows it, whole and within the window.
FOCUS_SEEN = """(() => { const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.left >= -1
        && box.right <= innerWidth + 1 && box.bottom > 0 && box.top < innerHeight; })()"""
FOCUSED = """(() => { const one = document.activeElement;
    return [one.getAttribute('aria-label') || one.textContent.trim().replace(/\\s+/g, ' '), one.name || '', one.id || '']; })()"""
# Texts whose colour is nearer to what lies behind than WCAG AA allows: 4.5, or 3 for large ones.
TOO_FAINT = """(() => {
    const parts = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    const light = c => { const [r, g, b] = parts(c).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b; };
    const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor, p = parts(c);
        if (p.length < 4 || p[3] > 0) return c; } return 'rgb(255, 255, 255)'; };
    const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    return [...document.querySelectorAll('body *')].filter(e => own(e) && e.checkVisibility()).filter(e => {
        const style = getComputedStyle(e), size = parseFloat(style.fontSize), [a, b] = [light(style.color), light(behind(e))];
        const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
        return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < (large ? 3 : 4.5); }).map(e => e.textContent.trim().slice(0, 60)); })()"""
START_SECONDS = 60
ANSWER_SECONDS = 60
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def program() -> str | None:
    """The browser of this machine."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@dataclass
class Browser:
    """One tab. `complaints` are what the browser put on its console: refused styles, missing files, faults."""

    connection: ClientConnection
    count: int = 0
    complaints: list[str] = field(default_factory=list)
    loads: int = 0

    def command(self, method: str, **given: Any) -> dict[str, Any]:
        """Send one DevTools command and wait for its answer."""
        self.count += 1
        self.connection.send(json.dumps({"id": self.count, "method": method, "params": given}))
        while True:
            said = json.loads(self.connection.recv(timeout=ANSWER_SECONDS))
            self._hear(said)
            if said.get("id") == self.count:
                return dict(said.get("result", {}))

    def _hear(self, said: dict[str, Any]) -> None:
        # What log-out asked of it (Clear-Site-Data), the browser says it did: that is no complaint.
        if said.get("method") == "Log.entryAdded" and said["params"]["entry"]["level"] != "info":
            self.complaints.append(said["params"]["entry"]["text"])
        if said.get("method") == "Page.loadEventFired":
            self.loads += 1

    def ask(self, script: str) -> Any:
        """The value of a JavaScript expression on the page."""
        return self.command("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def go(self, address: str) -> None:
        """Open a page and wait until it is there."""
        loads = self.loads
        self.command("Page.navigate", url=address)
        self._wait(loads)

    def press(self, text: str) -> None:
        """Press the button with this text, and wait for the next page."""
        loads = self.loads
        found = self.ask(
            f"[...document.querySelectorAll('button')].findIndex(b => b.textContent.trim() === {json.dumps(text)})"
        )
        if found >= 0:
            self.ask(f"document.querySelectorAll('button')[{found}].click()")
        assert found >= 0, f"no button {text!r} on {self.ask('location.pathname')}"
        self._wait(loads)

    def fill(self, name: str, value: str) -> None:
        """Type into the field with this name."""
        self.ask(f"document.querySelector('[name={name}]').focus()")
        self.command("Input.insertText", text=value)

    def key(self, name: str) -> None:
        """Press one key."""
        key, code, text = KEYS[name]
        for kind in ("keyDown", "keyUp"):
            given = {"text": text} if kind == "keyDown" else {}
            self.command("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **given)

    def reach(self, wanted: str) -> int:
        """Press Tab until what is called so (its text, label, name or id) has the focus; returns how often. It must be seen there."""
        for stops in range(1, MOST_STOPS + 1):
            self.key("Tab")
            if wanted in self.ask(FOCUSED):
                assert self.ask(FOCUS_SEEN), (
                    f"nobody sees that {wanted!r} has the focus on {self.ask('location.pathname')}"
                )
                return stops
        raise AssertionError(f"no key leads to {wanted!r} on {self.ask('location.pathname')}")

    def follow(self, wanted: str) -> None:
        """Reach a link or button and press Enter; wait for the next page."""
        self.reach(wanted)
        loads = self.loads
        self.key("Enter")
        self._wait(loads)

    def follow_fault(self, field: str) -> None:
        """From what was refused by Tab and Enter to the field it is about."""
        self.key("Tab")
        self.key("Enter")
        assert self.ask("location.hash") == f"#{field}", self.ask("location.hash")
        self.key("Tab")  # a link to a field sets where Tab goes on from
        if field not in self.ask(FOCUSED):
            self.ask(f"document.getElementById({json.dumps(field)}).focus()")

    def back(self) -> None:
        """Where one came from, as the browser's own button leads there."""
        loads = self.loads
        self.ask("history.back()")
        self._wait(loads)

    def type_in(self, name: str, text: str) -> None:
        """Reach the field with this name or id and type."""
        self.reach(name)
        self.command("Input.insertText", text=text)

    def focused(self) -> str:
        """The text of what has the focus."""
        return str(self.ask(FOCUSED)[0])

    def too_faint(self) -> list[str]:
        """Texts nobody with weak eyes can read."""
        return list(self.ask(TOO_FAINT))

    def choose(self, name: str, path: Path) -> None:
        """Choose a file of this machine in the field with this name."""
        root = self.command("DOM.getDocument")["root"]["nodeId"]
        field = self.command("DOM.querySelector", nodeId=root, selector=f"[name={name}]")["nodeId"]
        self.command("DOM.setFileInputFiles", nodeId=field, files=[str(path)])

    def unlabelled(self) -> list[str]:
        """Names of the fields no label belongs to, and ids that stand on the page twice."""
        fields = "[...document.querySelectorAll('input:not([type=hidden]):not([hidden]),select,textarea')]"
        bare = f"{fields}.filter(e => !e.labels.length && !e.hasAttribute('aria-labelledby')).map(e => e.name)"
        ids = "[...document.querySelectorAll('[id]')].map(e => e.id)"
        return list(self.ask(bare)) + list(self.ask(f"{ids}.filter((id, at, all) => all.indexOf(id) !== at)"))

    def text(self) -> str:
        """What stands on the page."""
        return str(self.ask("document.body.innerText"))

    def resize(self, width: int) -> None:
        """A window this wide."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 700
        )

    def picture(self, path: Path) -> None:
        """The page as PNG."""
        shot = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _wait(self, loads: int) -> None:
        until = time.monotonic() + ANSWER_SECONDS
        while self.loads == loads:
            assert time.monotonic() < until, "the page did not load"
            self.ask("1")
            time.sleep(0.05)


@contextmanager
def running_browser(folder: Path) -> Iterator[Browser]:
    """Chromium with a profile of its own in `folder`, ended by its own id."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
    process = subprocess.Popen(
        [str(program()), *options, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = _port_of(folder, process)
        with urlopen(f"http://127.0.0.1:{port}/json", timeout=START_SECONDS) as answer:
            page = next(tab for tab in json.load(answer) if tab["type"] == "page")
        with connect(page["webSocketDebuggerUrl"], max_size=64 * 2**20, compression=None) as connection:
            browser = Browser(connection)
            for domain in ("Page", "Log", "Runtime"):
                browser.command(f"{domain}.enable")
            yield browser
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _port_of(folder: Path, process: subprocess.Popen[bytes]) -> int:
    said, until = folder / "DevToolsActivePort", time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if said.exists() and (lines := said.read_text().split()):
            return int(lines[0])
        time.sleep(0.1)
    raise RuntimeError("the browser did not start")
