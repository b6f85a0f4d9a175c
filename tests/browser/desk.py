#!/usr/bin/env python3
"""desk.py - the desk in headless Chromium.

    desk.py queue    500 held mails: looked through, opened, released at once through the real relay,
                     with JavaScript off. Pictures, 390 and 1280 pixels, light and dark, go to
                     target/looks.
    desk.py hostile  hostile HTML (third-party, below CALLFIRST_SHARED) as held mail, with JavaScript
                     on: no script, no dialog, no request, no navigation, no change outside the frame
    desk.py axe AXE.MIN.JS
                     asks axe-core about the queue, a hold, and the question before many are released

Prints PASS or FAIL a step; exit status 0 if all passed. Python 3.11, standard library only; needs
chromium and chromedriver.
"""
import json
import os
import pathlib
import re
import socket
import sys
import threading
import traceback
import urllib.parse

from axe import Scripted, asked
from walk import LOOKS, WIDTHS, Demo
from webdriver import ELEMENT, Browser
from support import HELD_TEXT, ROOT, Callfirst, wait_for
from sink import Sink, send

PASSWORD = "a kettle of blue herons"
SHARED = pathlib.Path(os.environ.get("CALLFIRST_SHARED", ROOT.parent / "shared")) / "hostile"
MANY = 500


class Site:
    """A service with a desk and somebody who reviews."""

    def __enter__(self):
        self.sink = Sink().__enter__()
        self.service = Callfirst(self.sink.port).__enter__()
        said = self.service.command("people", "add", "rae", "--role", "reviewer", "--address",
                                    "rae@example.org").stdout
        self.link = re.search(r"http://\S+", said).group(0)
        self.root = "http://127.0.0.1:%d" % self.service.web
        return self

    def __exit__(self, *failed):
        self.service.__exit__(*failed)
        self.sink.__exit__(*failed)

    def send(self, octets, sender="eva@example.org", to="kim@customer.test"):
        return send(self.service.smtp, sender, [to], octets)[1][0]

    def log_in(self, browser):
        browser.open(self.link)
        for name in ("password", "again"):
            browser.find("#" + name)[0].type(PASSWORD)
        browser.find("form.card button.main")[0].click()
        log_in(browser, self.root, "rae", PASSWORD)


def log_in(browser, root, name, password):
    browser.open(root + "/desk/log-in?next=/desk/holds")
    if browser.find("#login"):
        browser.find("#login")[0].type(name)
        browser.find("#password")[0].type(password)
        browser.find("form.card button.main")[0].click()
    browser.open(root + "/desk/holds")
    assert "Held mail" in browser.words(), browser.words()


def mail(number, subject="Parcel"):
    return ("From: Eva <eva@example.org>\r\nTo: Kim <kim@customer.test>\r\nSubject: %s %d\r\n"
            "Message-ID: <%d@example.org>\r\n\r\nDear Kim,\r\n%s\r\nYours, Eva, %d\r\n"
            % (subject, number, number, HELD_TEXT, number)).encode()


STANDS_OUT = """const out = [...document.querySelectorAll('body *')].filter(e =>
  e.getBoundingClientRect().right > document.documentElement.clientWidth + .5);
return out.slice(-3).map(e => e.outerHTML.slice(0, 200)).join(' | ');"""


def looks(browser, name):
    """Pictures of the page in both schemes; nothing may stand out on the right."""
    for scheme in ("light", "dark"):
        browser.do("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setEmulatedMedia",
            "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]}})
        for width in WIDTHS:
            browser.size(width)
            browser.picture(LOOKS / ("%s-%d-%s.png" % (name, width, scheme)))
            wide = browser.script("return document.documentElement.scrollWidth")
            out = browser.script(STANDS_OUT) if wide > width else ""
            assert wide <= width, "%s is %d pixels wide on a screen of %d: %s" % (name, wide, width, out)


def choose(browser, select, value):
    browser.find("%s option[value='%s']" % (select, value))[0].click()


def ask_for_all(browser, deed="send_anyway"):
    choose(browser, "#which", "all")
    choose(browser, "#deed", deed)
    browser.find(".bulk button")[0].click()


def queue(browser, site):
    for number in range(MANY):
        site.send(mail(number), sender="eva%d@example.org" % (number % 7))
    yield "%d mails are held" % MANY
    site.log_in(browser)
    first = [a.attribute("href") for a in browser.find("tbody th a")]
    assert len(first) == 50, len(first)
    looks(browser, "desk-queue-many")
    browser.find("a[rel=next]")[0].click()
    wait_for(lambda: "behind=" in browser.url, 20, "the next page")
    second = [a.attribute("href") for a in browser.find("tbody th a")]
    assert len(second) == 50 and not set(first) & set(second), "a page shows others"
    yield "the queue has pages"
    browser.open(site.root + "/desk/holds?q=parcel+7&sender=eva0@example.org")
    assert len(browser.find("tbody tr")) == 1, browser.words()
    browser.find("tbody th a")[0].click()
    wait_for(lambda: "What can be done" in browser.words(), 20, "the page of the hold")
    words = browser.words()
    assert "What can be done" in words and "keep this parcel" in words, words
    assert browser.find("mark"), "the evidence is marked"
    assert browser.find("mark")[0].text.startswith("CALLFIRST-HOLD-ME"), browser.find("mark")[0].text
    looks(browser, "desk-hold-plain")
    yield "one is found by its words and shows why it is held"
    browser.open(site.root + "/desk/holds?q=parcel")
    ask_for_all(browser)
    wait_for(lambda: "500 mails" in browser.words(), 20, "the question before all of them")
    looks(browser, "desk-bulk-ask")
    held = [h for h in site.service.holds() if h["state"] == "held"]
    assert len(held) == MANY, "asking did nothing"
    browser.find("#reason")[0].type("the fair begins tomorrow, all were told")
    browser.find("form.card button.main")[0].click()
    wait_for(lambda: "of 500 done" in browser.words(), 180, "the end of the job")
    assert "500 of 500 done" in browser.words(), browser.words()[:500]
    looks(browser, "desk-bulk")
    yield "all are released at once, with a reason"
    def arrived():
        bodies = [m.body for m in site.sink.mails if m.sender.startswith("eva")]
        return len(bodies) >= MANY and bodies
    bodies = wait_for(arrived, 240, "the released mails at the next hop")
    numbers = sorted(int(re.search(rb"Eva, (\d+)", body).group(1)) for body in bodies)
    assert numbers == list(range(MANY)), "each once"
    yield "each arrives at the next hop, once"


class Canary:
    """Listens where the collection's pages want to go."""

    def __init__(self):
        self.calls, self.listeners = [], []
        for port in (9,):
            try:
                listener = socket.create_server(("127.0.0.1", port))
            except OSError:
                continue
            self.listeners.append(listener)
            threading.Thread(target=self.listen, args=(listener,), daemon=True).start()

    def listen(self, listener):
        while True:
            try:
                call, _ = listener.accept()
            except OSError:
                return
            self.calls.append(call.recv(200))
            call.close()


class Watched(Scripted):
    """A browser that runs scripts, stops at dialogs and tells every request."""

    def call(self, method, path, body=None):
        if path == "/session":
            always = body["capabilities"]["alwaysMatch"]
            always["goog:loggingPrefs"] = {"performance": "ALL", "browser": "ALL"}
            always["unhandledPromptBehavior"] = "ignore"
        return super().call(method, path, body)

    def requests(self):
        """The addresses asked for since the last call."""
        found = []
        for line in self.do("POST", "/se/log", {"type": "performance"}):
            message = json.loads(line["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                params = message["params"]
                found.append(params.get("request", params).get("url", ""))
        return found

    def dialog(self):
        try:
            return self.do("GET", "/alert/text")
        except AssertionError:
            return None


def pages():
    """Name and HTML of each hostile page."""
    payloads = json.loads((SHARED / "html/dompurify/payloads.json").read_text())
    assert len(payloads) >= 223, len(payloads)
    for number, one in enumerate(payloads):
        yield "payload %d" % number, one["payload"].encode()
    for path in sorted((SHARED / "generated").glob("html__*.eml")):
        yield path.name, path.read_bytes()


def as_mail(number, name, octets):
    if name.startswith("html__"):
        head, _, body = octets.partition(b"\r\n\r\n")
        return held_as(number, head, body)
    return ("From: Eva <eva@example.org>\r\nSubject: %s\r\nMIME-Version: 1.0\r\nMessage-ID: <h%d@example.org>\r\n"
            "Content-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\r\nContent-Type: text/plain\r\n\r\n"
            "%s\r\n--bb\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            % (name, number, HELD_TEXT)).encode() + octets.replace(b"\r\n", b"\n").replace(
                b"\r", b"").replace(b"\0", b"").replace(b"\n", b"\r\n") + b"\r\n--bb--\r\n"


def held_as(number, head, body):
    """The mail as it is inside one that is held: its parts stand in ours."""
    fields = re.split(rb"\r\n(?![ \t])", head)
    kept = [f for f in fields if f.lower().startswith((b"content-", b"mime-"))]
    kind = b"\r\n".join(f for f in kept if f.lower().startswith(b"content-"))
    return ("From: Eva <eva@example.org>\r\nSubject: hostile %d\r\nMIME-Version: 1.0\r\nMessage-ID: <h%d@example.org>\r\n"
            "Content-Type: multipart/mixed; boundary=outer-bb\r\n\r\n--outer-bb\r\nContent-Type: text/plain\r\n\r\n"
            "%s\r\n--outer-bb\r\n" % (number, number, HELD_TEXT)).encode() + kind + b"\r\n\r\n" + body \
        + b"\r\n--outer-bb--\r\n"


OUTER = """const copy = document.documentElement.cloneNode(true);
copy.querySelectorAll("details").forEach(d => d.removeAttribute("open"));
// WebDriver's own marks.
copy.querySelectorAll("iframe").forEach(f => f.removeAttribute("cd_frame_id_"));
const own = Object.keys(window).filter(key => !/^(cdc_|\\$|[0-9]|ret_)|exportedFunction/.test(key));
return [copy.outerHTML, own.sort().join(" ")];"""
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"


def shown(browser, root, href, canary):
    """Opens one hold with all its frames; gives what is wrong."""
    browser.requests()
    browser.open(href)
    before = browser.script(OUTER)
    browser.script(OPEN)
    frames = browser.do("POST", "/elements", {"using": "css selector", "value": "iframe.mail"})
    wrong = []
    for frame in frames:
        browser.script("arguments[0].scrollIntoView()", {ELEMENT: frame[ELEMENT]})
        browser.do("POST", "/frame", {"id": {ELEMENT: frame[ELEMENT]}})
        wait_for(lambda: browser.script("return document.readyState") == "complete"
                 and browser.script("return location.href") != "about:blank", 10, "the frame")
        inside = browser.script("return location.href")
        if "/frame/" not in inside:
            wrong.append("the frame went to %s" % inside)
        active = browser.script("return document.querySelectorAll('script,iframe,object,embed,form,"
                                "a[href],svg,math,link,base,meta[http-equiv]').length")
        if active:
            wrong.append("%d active elements in the frame" % active)
        browser.do("POST", "/frame", {"id": None})
    dialog = browser.dialog()
    if dialog is not None:
        wrong.append("a dialog: %s" % dialog)
        browser.do("POST", "/alert/dismiss")
    for now, then in zip(browser.script(OUTER), before):
        if now != then:
            at = next((n for n, (a, b) in enumerate(zip(now, then)) if a != b), 0)
            wrong.append("the page around the frame changed: %r was %r" % (
                now[at:at + 80], then[at:at + 80]))
    if browser.url != href:
        wrong.append("it went to %s" % browser.url)
    if len(browser.do("GET", "/window/handles")) != 1:
        wrong.append("a second window")
    for url in browser.requests():
        if not url.startswith((root + "/desk/", root + "/static/", "data:", root + "/favicon")):
            wrong.append("a request to %s" % url[:200])
    if canary.calls:
        wrong.append("the canary was called: %r" % canary.calls)
        canary.calls.clear()
    return wrong, len(frames)


def hostile(browser, site):
    canary, expected = Canary(), {}
    for number, (name, octets) in enumerate(pages()):
        code = site.send(as_mail(number, name, octets))
        if b"\0" in octets and code != 250:
            print("NOTE: %s is refused at the door: %d" % (name, code))
            continue
        expected["h%d@example.org" % number] = name
    held = {h["message_id"]: h["id"] for h in site.service.holds() if h["state"] == "held"}
    missing = [name for message_id, name in expected.items() if message_id not in held]
    assert not missing, "not held: %s" % missing[:5]
    yield "%d hostile mails are held" % len(expected)
    site.log_in(browser)
    faults, framed = [], 0
    for message_id, name in expected.items():
        wrong, frames = shown(browser, site.root, "%s/desk/holds/%s" % (site.root, held[message_id]), canary)
        framed += frames > 0
        faults.extend("%s: %s" % (name, w) for w in wrong)
    assert not faults, "\n".join(faults[:20])
    assert framed >= 240, "only %d of them were shown in a frame" % framed
    yield "none of them runs, asks, leaves or reaches out of its frame (%d in frames)" % framed
    browser.open(site.root + "/desk/holds?q=payload")
    assert "Held mail" in browser.words()
    yield "the queue stands"


def demo_looks(browser):
    """Pictures of what people really write."""
    with Demo() as demo:
        address = demo.address()
        said = wait_for(lambda: re.search(r"name (\w+), password (\S+)", demo.said()), 60, "the log-in")
        root = address.rstrip("/")
        log_in(browser, root, said.group(1), said.group(2))
        looks(browser, "desk-queue")
        browser.find("tbody th a")[0].click()
        wait_for(lambda: "What can be done" in browser.words(), 20, "the page of a hold")
        looks(browser, "desk-hold")
        browser.script(OPEN)
        looks(browser, "desk-hold-unfolded")
        yield "the desk of the demo, in pictures"


def axe_pages(browser, axe):
    with Demo() as demo:
        root = demo.address().rstrip("/")
        said = wait_for(lambda: re.search(r"name (\w+), password (\S+)", demo.said()), 60, "the log-in")
        log_in(browser, root, said.group(1), said.group(2))
        good = [asked(browser, axe, "the queue")]
        link = browser.find("tbody th a")[0].attribute("href")
        ask_for_all(browser)
        good.append(asked(browser, axe, "the question before many"))
        browser.find("#reason")[0].type("no bad news at all")
        browser.open(urllib.parse.urljoin(root, link))
        browser.script("document.querySelectorAll('details:not(:has(iframe))').forEach(d => d.open = true)")
        good.append(asked(browser, axe, "a hold"))
        browser.open(root + "/desk/holds?q=nothing-has-this")
        good.append(asked(browser, axe, "a search that finds nothing"))
        return all(good)


def run(steps):
    done = 0
    try:
        for step in steps:
            done += 1
            print("PASS %s" % step, flush=True)
        return 0
    except Exception as wrong:
        print("FAIL after %d steps: %s" % (done, wrong))
        traceback.print_exc(limit=-3)
        return 1


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "queue":
        with Site() as site, Browser() as browser:
            failed = run(queue(browser, site))
        with Browser() as browser:
            return failed | run(demo_looks(browser))
    if what == "hostile":
        if not SHARED.is_dir():
            print("SKIPPED: no third-party mail in %s" % SHARED)
            return 77
        with Site() as site, Watched() as browser:
            return run(hostile(browser, site))
    if what == "axe" and len(sys.argv) == 3:
        axe = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
        with Scripted() as browser:
            return 0 if axe_pages(browser, axe) else 1
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
