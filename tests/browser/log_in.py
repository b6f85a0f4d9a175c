#!/usr/bin/env python3
"""log_in.py [AXE.MIN.JS] - the desk's way in, in headless Chromium: wrong and right passwords, a
second factor, recovery codes, somebody new, the way out.

JavaScript is off, unless axe-core is given: then it is asked about each page. Pictures of each page, 390
and 1280 pixels wide, light and dark, go to target/looks. Prints PASS or FAIL a step; exit status 0 if
all passed.

Python 3.11, standard library only; needs chromium and chromedriver.
"""
import base64
import hashlib
import hmac
import pathlib
import re
import struct
import sys
import time
import traceback

from axe import RUN, Scripted
from support import wait_for
from walk import LOOKS, WIDTHS, Demo
from webdriver import Browser

WRONG = []


def code(seed, steps=0):
    """RFC 6238: six digits of SHA-1, every 30 seconds."""
    count = struct.pack(">Q", int(time.time()) // 30 + steps)
    tag = hmac.new(base64.b32decode(seed), count, hashlib.sha1).digest()
    at = tag[-1] & 15
    return "%06d" % ((struct.unpack(">I", tag[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000)


def picture(browser, name, axe):
    """Pictures in both colours and widths; nothing may stand out on the right."""
    for scheme in ("light", "dark"):
        browser.do("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setEmulatedMedia",
            "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]}})
        for width in WIDTHS:
            browser.size(width)
            browser.picture(LOOKS / ("desk-%s-%s-%d.png" % (name, scheme, width)))
            wide = browser.script("return document.documentElement.scrollWidth")
            assert wide <= width, "%s is %d pixels wide on a screen of %d" % (name, wide, width)
            if axe:
                browser.script(axe)
                for wrong in browser.do("POST", "/execute/async", {"script": RUN, "args": [[]]}):
                    WRONG.append("%s %s %d: %s" % (name, scheme, width, wrong))


def field(browser, name):
    """A field, once its page is there."""
    css = 'main [name="%s"]:not([type=hidden])' % name
    return wait_for(lambda: browser.find(css), 20, "a field " + name)[0]


def fill(browser, **fields):
    for name, value in fields.items():
        field(browser, name).type(value)


def says(browser, words):
    wait_for(lambda: words in browser.words(), 20, "a page that says: " + words)


def is_at(browser, path):
    wait_for(lambda: browser.url.endswith(path), 20, "the page " + path)


def send(browser, within="main"):
    browser.find(within + " button")[0].click()


def log_in(browser, desk, password, name="admin"):
    browser.open(desk)
    fill(browser, login=name, password=password)
    send(browser)


def walk(browser, demo, axe):
    desk = demo.address().rstrip("/") + "/desk"
    password = re.search(r"name admin, password (\S+)", demo.said()).group(1)
    browser.open(desk + "/people")
    assert "/desk/log-in?next=" in browser.url, browser.url
    picture(browser, "log-in", axe)
    yield "without a session a page leads to the log-in"
    fill(browser, login="admin", password="not the password")
    send(browser)
    says(browser, "is not right")
    picture(browser, "log-in-wrong", axe)
    fill(browser, password=password)
    send(browser)
    is_at(browser, "/desk/people")
    yield "a wrong password is refused, the right one leads to where one wanted to be"
    picture(browser, "people", axe)
    browser.open(desk)
    picture(browser, "overview", axe)
    browser.open(desk + "/people/new")
    fill(browser, login="eve", name="Eve \u202eRolf")
    browser.find('input[value="auditor"]')[0].click()
    picture(browser, "person-new", axe)
    send(browser)
    says(browser, "A link for")
    link = browser.find("p.mono")[0].text
    picture(browser, "link", axe)
    yield "somebody new gets a link"
    browser.open(desk + "/account")
    picture(browser, "account", axe)
    browser.open(desk + "/account/factor")
    browser.find("summary")[0].click()
    seed = re.sub(r"\s", "", browser.find("p.mono")[0].text)
    picture(browser, "factor", axe)
    fill(browser, code=code(seed), current=password)
    send(browser)
    says(browser, "is set up")
    codes = [item.text for item in browser.find(".codes li")]
    assert len(codes) == 8, browser.words()
    picture(browser, "recovery", axe)
    yield "a second factor is set up"
    browser.open(desk + "/account")
    picture(browser, "account-factor", axe)
    send(browser, ".who")
    is_at(browser, "/desk/log-in")
    browser.open(desk)
    is_at(browser, "/desk/log-in")
    yield "logging out ends it"
    log_in(browser, desk, password)
    field(browser, "code")
    picture(browser, "code", axe)
    fill(browser, code=codes[0])
    send(browser)
    is_at(browser, "/desk")
    send(browser, ".who")
    is_at(browser, "/desk/log-in")
    log_in(browser, desk, password)
    fill(browser, code=codes[0])
    send(browser)
    says(browser, "used before")
    picture(browser, "code-wrong", axe)
    fill(browser, code=code(seed, 1))
    send(browser)
    is_at(browser, "/desk")
    yield "a recovery code works once, a code by time does too"
    browser.open(desk + "/people")
    browser.find("tbody a")[1].click()
    picture(browser, "person", axe)
    says(browser, "Change")
    send(browser, ".who")
    is_at(browser, "/desk/log-in")
    browser.open(link)
    picture(browser, "password", axe)
    fill(browser, password="eves own long words", again="eves own long words")
    send(browser)
    is_at(browser, "/desk/log-in")
    log_in(browser, desk, "eves own long words", "eve")
    says(browser, "Auditor")
    assert "People" not in browser.words()
    picture(browser, "overview-auditor", axe)
    browser.open(desk + "/people")
    says(browser, "does not allow")
    picture(browser, "forbidden", axe)
    browser.open(link)
    says(browser, "opens nothing")
    yield "the link works once, and what a role does not allow is not there"
    assert not WRONG, "axe-core:\n" + "\n".join(WRONG)
    if axe:
        yield "axe-core finds nothing wrong"


def main():
    axe = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8") if len(sys.argv) > 1 else ""
    with Demo() as demo, (Scripted() if axe else Browser()) as browser:
        try:
            for step in walk(browser, demo, axe):
                print("PASS %s" % step, flush=True)
        except Exception:  # noqa: BLE001 - whatever it is, the step failed
            traceback.print_exc()
            print("FAIL at %s\n%s" % (browser.url, browser.words()), flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
