#!/usr/bin/env python3
"""walk.py - the demo as a person walks it, in headless Chromium with JavaScript off.

`callfirst demo` -> its mailbox -> the notice -> the link -> "I called", send -> it says so ->
the link again says what was decided. Pictures of each page, 390 and 1280 pixels wide, go to
target/looks. Prints PASS or FAIL a step; exit status 0 if all passed.

Python 3.11, standard library only; needs chromium and chromedriver.
"""
import datetime
import html
import os
import re
import subprocess
import sys
import tempfile
import traceback
import urllib.parse

from webdriver import Browser
from support import BINARY, ROOT, wait_for

LOOKS = ROOT / "target/looks"
WIDTHS = (390, 1280)
ENTER = "\ue007"  # WebDriver, "Keyboard actions"
HOLD_LINK = re.compile(r"https?://127\.0\.0\.1:\d+/h/[\w-]+|/h/[\w-]+")


class Demo:
    """`callfirst demo`, and the address that it prints."""

    def __enter__(self):
        self.output = tempfile.NamedTemporaryFile(prefix="callfirst-demo-", suffix=".log")
        self.child = subprocess.Popen([str(BINARY), "demo"], stdin=subprocess.DEVNULL,
                                      stdout=self.output, stderr=self.output)
        return self

    def __exit__(self, *_):
        self.child.terminate()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def said(self):
        with open(self.output.name, errors="replace") as f:
            return f.read()

    def address(self):
        def look():
            if self.child.poll() is not None:
                raise AssertionError("the demo ended:\n" + self.said())
            return re.search(r"http://127\.0\.0\.1:\d+\S*", self.said())
        return wait_for(look, 90, "the demo's address").group(0).rstrip(".,)")


def picture(browser, name):
    """Pictures of the page; on a phone nothing may stand out on the right."""
    for width in WIDTHS:
        browser.size(width)
        browser.picture(LOOKS / ("%s-%d.png" % (name, width)))
        wide = browser.script("return document.documentElement.scrollWidth")
        assert wide <= width, "%s is %d pixels wide on a screen of %d" % (name, wide, width)


def hold_link(browser):
    """The link in the notice that is shown; the notice may stand in a frame."""
    found = HOLD_LINK.search(html.unescape(browser.source))
    return found and urllib.parse.urljoin(browser.url, found.group(0))


def find_notice(browser, start):
    """From the demo's first page along its links to a notice with a link to a hold."""
    waiting, seen = [start], set()
    while waiting and len(seen) < 60:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        browser.open(url)
        link = hold_link(browser)
        if link:
            return link
        here = urllib.parse.urlsplit(start).netloc
        for a in browser.find("a[href]"):
            to = urllib.parse.urljoin(browser.url, a.attribute("href")).partition("#")[0]
            if urllib.parse.urlsplit(to).netloc == here:
                waiting.append(to)
    raise AssertionError("no notice with a link within %d pages of the demo" % len(seen))


def press(browser, value):
    """Fills in the form with the button that sends this value, as far as it asks; presses it."""
    for fold in browser.find("details:not([open]) > summary"):
        fold.click()
    form, button = next(((f, b) for f in browser.find("form")
                         for b in f.find('button[value="%s"]' % value)), (None, None))
    assert button, "no button %r; the page says:\n%s" % (value, browser.words())
    for field in form.find("input[type=text], input[type=tel], input:not([type]), textarea"):
        if field.shown and not field.attribute("value"):
            name = (field.attribute("name") or "").lower()
            field.type("+44 20 7946 0000" if "number" in name else
                       "120 EUR" if name == "amount" else "Ann Hall, at ten")
    chosen = {r.attribute("name") for r in form.find("input[type=radio]") if r.chosen}
    for radio in form.find("input[type=radio]"):
        if radio.attribute("name") not in chosen and radio.shown:
            radio.click()
            chosen.add(radio.attribute("name"))
    button.click()


def press_enter(browser):
    """Presses Enter in a field of one line, as people do out of habit."""
    browser.find("#called-person")[0].type("Ann Hall" + ENTER)


def opened_guide(browser):
    """Opens every part of the guide; each shows more than it did."""
    folds = browser.find("details.part > summary")
    assert len(folds) >= 5, "the guide has %d parts:\n%s" % (len(folds), browser.words())
    for fold in folds:
        before = browser.words()
        fold.click()
        assert len(browser.words()) > len(before), "%r shows nothing" % fold.text
    picture(browser, "guide")


def promise_for_tomorrow(browser):
    """Unfolds the page and names a day; how a date is typed differs from browser to browser."""
    for fold in browser.find("details:not([open]) > summary"):
        fold.click()
    day = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()
    browser.script("document.querySelector('[name=follow_up]').value = '%s'" % day)


def keep_promise(browser):
    browser.find('input[name="promise"][value="done"]')[0].click()
    browser.find("form button.main")[0].click()


def walk(browser, demo):
    link = find_notice(browser, demo.address())
    picture(browser, "notice")
    yield "the notice is in the mailbox and has a link"
    browser.open(link)
    words = browser.words()
    offered = {i.attribute("value") for i in browser.find("form [name=action]")}
    missing = {"called", "no_answer", "withdraw", "false_alarm"} - offered
    assert not missing, "the page does not offer %s:\n%s" % (missing, words)
    picture(browser, "hold")
    yield "the page shows the hold and what can be done"
    opened_guide(browser)
    yield "the guide opens part by part, without JavaScript"
    browser.open(link)
    assert browser.words() == words, "looking at the page changed it"
    yield "looking again changes nothing"
    press_enter(browser)
    browser.open(link)
    assert browser.words() == words, "Enter in a field decided"
    yield "Enter in a field decides nothing"
    promise_for_tomorrow(browser)
    picture(browser, "hold-unfolded")
    press(browser, "send")
    after = browser.words()
    assert re.search(r"\bsent\b|\bgoes out\b|\bon its way\b", after, re.I), after
    assert "120 EUR" in after, after
    picture(browser, "decided")
    yield "after the call it says that the mail is sent, and what was promised"
    keep_promise(browser)
    wait_for(lambda: "You kept it" in browser.words(), 10, "the page with the kept promise")
    yield "a promise is kept with a choice and a button"
    browser.open(link)
    again = browser.words()
    assert not browser.find("form button"), "it can be decided again"
    assert again.strip(), "an empty page"
    picture(browser, "decided-again")
    yield "the link then says what was decided, and offers no second time"


def main():
    done = 0
    with Demo() as demo, Browser() as browser:
        try:
            for step in walk(browser, demo):
                done += 1
                print("PASS %s" % step, flush=True)
        except Exception as wrong:
            print("FAIL after %d steps: %s" % (done, wrong))
            traceback.print_exc(limit=-2)
            print("the demo said:\n" + demo.said()[-2000:])
            return 1
    print("pictures: %s" % os.path.relpath(LOOKS, ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
