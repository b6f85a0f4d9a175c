"""webdriver.py - drives a headless Chromium over the WebDriver protocol (W3C), without packages.

JavaScript of the pages is switched off: callfirst's pages must do without it. Only loopback
addresses are reached. Python 3.11, standard library only.
"""
import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "wire"))
from support import free_ports, listens, wait_for  # noqa: E402

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
         "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-default-apps",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class Browser:
    """One window. Use as a context manager."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="callfirst-chromium-")
        (self.port,) = free_ports(1)
        self.driver = subprocess.Popen(["chromedriver", "--port=%d" % self.port],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        self.session = ""

    def __enter__(self):
        wait_for(lambda: listens(self.port), 20, "chromedriver")
        options = {"args": [*FLAGS, "--user-data-dir=" + self.profile],
                   "prefs": {"profile.managed_default_content_settings.javascript": 2}}
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options}}})
        self.session = "/session/" + made["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, path, body=None):
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.port, path), data,
                                         {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as wrong:
            said = json.load(wrong)["value"]["message"]
            raise AssertionError("chromedriver: %s" % said) from None

    def do(self, method, path, body=None):
        return self.call(method, self.session + path, body)

    def open(self, url):
        self.do("POST", "/url", {"url": url})

    @property
    def url(self):
        return self.do("GET", "/url")

    @property
    def source(self):
        return self.do("GET", "/source")

    def script(self, text, *arguments):
        return self.do("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def words(self):
        """What a person can read on the page."""
        return self.script("return document.body.innerText")

    def find(self, css):
        found = self.do("POST", "/elements", {"using": "css selector", "value": css})
        return [Element(self, e[ELEMENT]) for e in found]

    def size(self, width, height=900):
        """The size of the page's view, as on a phone or a desk."""
        self.do("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": height, "deviceScaleFactor": 1,
                       "mobile": width < 600}})

    def picture(self, path):
        """The whole page as a PNG."""
        taken = self.do("POST", "/goog/cdp/execute", {
            "cmd": "Page.captureScreenshot",
            "params": {"format": "png", "captureBeyondViewport": True}})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(taken["data"]))


class Element:
    """Something on the page."""

    def __init__(self, browser, name):
        self.browser, self.name = browser, name

    def do(self, method, path, body=None):
        return self.browser.do(method, "/element/%s%s" % (self.name, path), body)

    @property
    def text(self):
        return self.do("GET", "/text")

    def attribute(self, name):
        return self.do("GET", "/attribute/" + name)

    @property
    def shown(self):
        return self.do("GET", "/displayed")

    @property
    def chosen(self):
        return self.do("GET", "/selected")

    def click(self):
        self.do("POST", "/click")

    def type(self, text):
        self.do("POST", "/clear")
        self.do("POST", "/value", {"text": text})

    def find(self, css):
        found = self.do("POST", "/elements", {"using": "css selector", "value": css})
        return [Element(self.browser, e[ELEMENT]) for e in found]
