#!/usr/bin/env python3
"""axe.py AXE.MIN.JS - asks axe-core about every page that people see, light and dark, 390 and 1280
pixels wide: the demo's first page, a notice, the sender's page open, refused and decided.

Our pages run no script and forbid it; WebDriver's own runs beside them. `npm pack axe-core@4` gives
the file (package/axe.min.js). Prints PASS or FAIL a page; exit status 0 if all passed.

Python 3.11, standard library only; needs chromium and chromedriver.
"""
import pathlib
import sys

from walk import WIDTHS, Demo, find_notice, keep_promise, press, promise_for_tomorrow
from webdriver import Browser

# WCAG 2.2 A and AA, and what axe-core calls good practice.
RUN = """
const done = arguments[arguments.length - 1];
const rules = Object.fromEntries(arguments[0].map(rule => [rule, {enabled: false}]));
axe.run(document, {resultTypes: ["violations"], rules}).then(
  found => done(found.violations.map(v => v.id + " (" + v.impact + "): " + v.help + "\\n    "
    + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join("\\n    "))),
  wrong => done(["axe-core itself: " + wrong]));
"""


# A mail is shown inside the page of a mail program, and the landmarks are that page's.
NOT_OF_A_MAIL = ["landmark-one-main", "region"]


class Scripted(Browser):
    """A browser that lets scripts run, for axe-core waits with timers; the pages' policy stays."""

    def call(self, method, path, body=None):
        if path == "/session":
            del body["capabilities"]["alwaysMatch"]["goog:chromeOptions"]["prefs"]
        return super().call(method, path, body)


def asked(browser, axe, name, without=()):
    """What axe-core finds wrong with the page that is open."""
    found = {}
    for scheme in ("light", "dark"):
        browser.do("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setEmulatedMedia",
            "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]}})
        for width in WIDTHS:
            browser.size(width)
            browser.script(axe)
            for wrong in browser.do("POST", "/execute/async", {"script": RUN, "args": [list(without)]}):
                found.setdefault(wrong, []).append("%s %d" % (scheme, width))
    for wrong, where in found.items():
        print("FAIL %s [%s]: %s" % (name, ", ".join(where), wrong), flush=True)
    if not found:
        print("PASS %s" % name, flush=True)
    return not found


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    axe = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    with Demo() as demo, Scripted() as browser:
        start = demo.address()
        browser.open(start)
        good = [asked(browser, axe, "the demo's first page")]
        link = find_notice(browser, start)
        good.append(asked(browser, axe, "the notice", NOT_OF_A_MAIL))
        browser.open(link)
        for fold in browser.find("details:not([open]) > summary"):
            fold.click()
        good.append(asked(browser, axe, "the sender's page"))
        browser.open(link)
        browser.find('button[value="send"]')[0].click()
        good.append(asked(browser, axe, "the sender's page with something missing"))
        browser.open(link)
        promise_for_tomorrow(browser)
        press(browser, "send")
        good.append(asked(browser, axe, "the sender's page, decided, with a promise to keep"))
        browser.find("form button.main")[0].click()
        good.append(asked(browser, axe, "a promise with something missing"))
        keep_promise(browser)
        good.append(asked(browser, axe, "the sender's page, all done"))
        browser.open(link + "x")
        good.append(asked(browser, axe, "a link that opens nothing"))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
