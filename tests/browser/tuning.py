#!/usr/bin/env python3
"""tuning.py - from a false alarm to a change in force, in headless Chromium.

    tuning.py                log in, open a held mail that should have passed, take the best proposal: the
                             same mail through the relay passes now; roll back: it is held again. A broken
                             policy is refused with its line. Pictures of each page, 390 and 1280 pixels,
                             light and dark, go to target/looks
    tuning.py axe AXE.MIN.JS asks axe-core about those pages

Prints PASS or FAIL a step; exit status 0 if all passed. Python 3.11, standard library only; needs
chromium and chromedriver.
"""
import pathlib
import re
import sys
import traceback

from axe import Scripted, asked
from walk import LOOKS, WIDTHS
from webdriver import Browser
from support import HELD_TEXT, Callfirst, wait_for
from sink import Sink, send

PASSWORD = "a kettle of blue herons"
FALSE_ALARM = HELD_TEXT + " So it stands upon the enamel sign that our museum bought from you."


def mail(number):
    return ("From: Eva <eva@example.org>\r\nTo: Kim <kim@customer.test>\r\nSubject: The enamel sign\r\n"
            "Message-ID: <tuning-%d@example.org>\r\n\r\nDear Kim,\r\n\r\n%s\r\n\r\nYours, Eva\r\n"
            % (number, FALSE_ALARM)).encode()


class Site:
    """A service with a desk, and somebody who writes its policies."""

    def __enter__(self):
        self.sink = Sink().__enter__()
        self.service = Callfirst(self.sink.port).__enter__()
        said = self.service.command("people", "add", "ann", "--role", "policy-admin", "--address",
                                    "ann@example.org").stdout
        self.link = re.search(r"http://\S+", said).group(0)
        self.root = "http://127.0.0.1:%d" % self.service.web
        self.sent = 0
        return self

    def __exit__(self, *failed):
        self.service.__exit__(*failed)
        self.sink.__exit__(*failed)

    def send(self):
        """The false alarm once more; whether it was held."""
        before = self.held()
        self.sent += 1
        send(self.service.smtp, "eva@example.org", ["kim@customer.test"], mail(self.sent))
        return len(self.held()) > len(before)

    def held(self):
        return [hold["id"] for hold in self.service.holds()]

    def log_in(self, browser):
        browser.open(self.link)
        for name in ("password", "again"):
            browser.find("#" + name)[0].type(PASSWORD)
        browser.find("form.card button.main")[0].click()
        browser.open(self.root + "/desk/log-in")
        browser.find("#login")[0].type("ann")
        browser.find("#password")[0].type(PASSWORD)
        browser.find("form.card button.main")[0].click()
        browser.open(self.root + "/desk/policies")
        assert "What they held" in browser.words(), browser.words()

    def in_force(self, browser, number):
        """Waits until the service has taken a change over."""
        page = "%s/desk/policies/history/%d" % (self.root, number)

        def look():
            browser.open(page)
            return "In force since" in browser.words()
        wait_for(look, 60, "change %d in force" % number)


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
            assert wide <= width, "%s is %d pixels wide on a screen of %d" % (name, wide, width)


def press(browser, value):
    """The first button of this value that is shown."""
    next(b for b in browser.find('button[value="%s"]' % value) if b.shown).click()


def story(browser, site, seen):
    site.log_in(browser)
    seen("desk-policies")
    yield "an administrator of policies logs in"
    assert site.send(), "the false alarm is held"
    wrong = "%s/desk/holds/%s/wrong" % (site.root, site.held()[0])
    browser.open(wrong)
    wait_for(lambda: "comes out as wanted" in browser.words(), 120, "proposals")
    seen("desk-wrong")
    yield "a false alarm has proposals with what each does"
    press(browser, "take")
    wait_for(lambda: "/history/1" in browser.url, 120, "the change's page")
    site.in_force(browser, 1)
    seen("desk-change")
    assert not site.send(), "the same mail passes now"
    yield "the best is taken: the same mail through the relay passes"
    browser.find(".danger")[0].click()
    wait_for(lambda: "/history/2" in browser.url, 60, "the roll-back's page")
    site.in_force(browser, 2)
    assert site.send(), "it is held again"
    browser.open(site.root + "/desk/policies/history")
    seen("desk-history")
    yield "it is rolled back: the same mail is held again"
    browser.open(site.root + "/desk/policies/file/shelf.toml")
    browser.find("summary")[0].click()
    field = browser.find("#text")[0]
    text = browser.script("return document.querySelector('#text').value")
    broken = text.replace("weight = 8.0", 'weight = "8"')
    field.do("POST", "/clear", {})
    field.type(broken)
    press(browser, "take")
    wait_for(lambda: "must be" in browser.words(), 60, "the mistake")
    words = browser.words()
    assert re.search(r"shelf\.toml:\d+:\d+", words), words
    assert 'weight = 8.0' in (site.service.dir / "policies/shelf.toml").read_text()
    seen("desk-file")
    yield "a broken policy is refused with its line, and never written"
    browser.open(site.root + "/desk/try")
    browser.find("#mail")[0].type(FALSE_ALARM)
    browser.find("form.card button.main")[0].click()
    wait_for(lambda: "It would be held" in browser.words(), 60, "the verdict")
    seen("desk-try")
    yield "a mail is tried"


def main():
    axe = pathlib.Path(sys.argv[2]).read_text() if sys.argv[1:2] == ["axe"] else None
    failed = []
    LOOKS.mkdir(parents=True, exist_ok=True)
    with Site() as site, (Scripted if axe else Browser)() as browser:
        def seen(name):
            if not axe:
                looks(browser, name)
            elif not asked(browser, axe, name):
                failed.append(name)
        try:
            for step in story(browser, site, seen):
                print("PASS %s" % step, flush=True)
        except Exception:
            traceback.print_exc()
            print(site.service.log(), file=sys.stderr)
            print("FAIL in the middle of the story", flush=True)
            failed.append("story")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
