#!/usr/bin/env python3
"""after_call.py - what comes after a call, with kill -9 between the steps.

A mail that was taken back for a new text never goes out, however often it comes again; the new text
passes, and passes again as itself; no other mail does. A promise made on the page is there after a
crash, and is kept once. `callfirst report` counts all of it.

Loopback only. Python 3.11, standard library only.
"""
import contextlib
import csv
import datetime
import io
import json
import quopri
import re

import page
import support
from sink import Sink, send
from support import HELD_TEXT, Callfirst, greets, wait_for

SENDER = "dana@example.org"


def mail(token, to="ann", subject="Your parcel"):
    head = ("From: Dana Reyes <%s>\r\nTo: Ann Hall <%s@customer.test>\r\n"
            "Message-ID: <after-%s@example.org>\r\nSubject: %s\r\n\r\n" % (SENDER, to, token, subject))
    return (head + HELD_TEXT + "\r\n" + token + "\r\n").encode()


class Story:
    def __init__(self, service, sink):
        self.service, self.sink, self.faults = service, sink, 0

    def expect(self, right, what):
        self.faults += not right
        print("%s %s" % ("PASS" if right else "FAIL", what), flush=True)

    def crash(self):
        support.kill(self.service.dir)
        self.service.child.wait()
        self.service.child = support.start(self.service.dir)
        wait_for(lambda: greets(self.service.smtp), 60, "the greeting after a crash")

    def sends(self, token, to="ann", subject="Your parcel"):
        _, (code, _) = send(self.service.smtp, SENDER, [to + "@customer.test"],
                            mail(token, to, subject))
        return code

    def went_out(self, token, to="ann"):
        return [m for m in self.sink.find("after-%s@" % token, to=to + "@customer.test")]

    def hold(self, token):
        return next((h for h in self.service.holds() if "after-%s@" % token in h["message_id"]), None)

    def link(self, token):
        """The link of the notice about this mail."""
        def found():
            for notice in self.sink.find("after-%s@" % token, to=SENDER):
                link = re.search(rb"http://127[^\s\"<]*/h/[\w-]+", quopri.decodestring(notice.data))
                if link:
                    return link.group(0).decode()
            return None
        return wait_for(found, 30, "the notice of " + token)

    def show(self, token):
        shown = self.service.command("holds", "show", self.hold(token)["id"], "--json")
        return json.loads(shown.stdout)


def new_text(s):
    s.expect(s.sends("first") == 250 and s.hold("first"), "the first text is held")
    link = s.link("first")
    status, words = page.submit(link, "anew", {"note": ""})
    s.expect(status == 422, "a button alone takes nothing back")
    status, words = page.submit(link, "anew", {"sure": "yes"})
    s.expect(status == 200 and "new text" in words, "it is taken back for a new text")
    s.crash()
    s.sends("first")
    s.expect(not s.went_out("first"), "the first text never goes out, even if it comes again")
    s.sends("other", to="kim")
    s.expect(s.hold("other") and not s.went_out("other", "kim"), "another customer's mail is held")
    s.sends("matter", subject="Your roof")
    s.expect(s.hold("matter") and not s.went_out("matter"), "mail about something else is held")
    s.expect(s.sends("second", subject="Re: your parcel") == 250 and not s.hold("second"),
             "the new text is not held")
    wait_for(lambda: s.went_out("second"), 10, "the new text at the next hop")
    s.expect(s.went_out("second")[0].data.endswith(mail("second", subject="Re: your parcel")),
             "and goes out octet for octet")
    s.crash()
    s.sends("second", subject="Re: your parcel")
    s.expect(len(s.went_out("second")) == 2, "after a lost reply it passes again")
    s.sends("third")
    s.expect(s.hold("third") and not s.went_out("third"), "the next one is held")
    audit = s.service.command("audit", "verify", check=False)
    s.expect(audit.returncode == 0, "the audit's chain is whole: %s" % audit.stderr[-200:])


def promise(s):
    s.sends("promise")
    link = s.link("promise")
    day = datetime.date.today() + datetime.timedelta(days=3)
    told = {"person": "Ann", "remedy": "a new part", "amount": "120 EUR",
            "follow_up": day.isoformat(), "mood": "kept"}
    status, words = page.submit(link, "dont_send", told)
    s.expect(status == 200 and "a new part, 120 EUR" in words, "a call with a promise is recorded")
    s.crash()
    kept = s.show("promise")["promise"]
    s.expect(kept["state"] == "open" and kept["date"] == day.isoformat(),
             "the promise is there after a crash")
    words = s.service.command("holds", "show", s.hold("promise")["id"]).stdout
    s.expect("promise  open: a new part, 120 EUR, by %s" % day in words and "customer kept" in words,
             "the command line tells it in words")
    file = page.get(link + "/follow-up.ics")
    s.expect("BEGIN:VEVENT" in file and "new part" not in file and "http" not in file,
             "its calendar file tells little")
    page.submit(link, "promise", {"promise": "done", "note": "fitted"})
    s.crash()
    kept = s.show("promise")["promise"]
    s.expect(kept["state"] == "kept" and len(kept["steps"]) == 1, "it is kept, once")
    gauge = lambda: "callfirst_promises_open 0" in s.service.get("/metrics")
    wait_for(gauge, 30, "the number of open promises in the metrics")


def report(s):
    told = s.service.command("report", "--json").stdout.splitlines()
    rows = {(row["group"], row["name"]): row for row in map(json.loads, told)}
    total, listed = rows["total", "all"], s.service.holds()
    s.expect(total["held"] == len(listed) > 4, "the report counts every hold")
    s.expect((total["rewritten"], total["withdrawn_after_call"], total["called"]) == (1, 1, 1),
             "one was written anew, one told in a call and not sent")
    s.expect(total["open"] == sum(hold["state"] == "held" for hold in listed), "the rest is open")
    s.expect((total["promises"], total["promises_kept"], total["customers_kept"]) == (1, 1, 1),
             "the promise is kept, and so is the customer")
    s.expect(total["called_share"] == 0.5 and total["minutes_to_call_median"] == 0,
             "half of what is decided was told in a call, at once")
    table = list(csv.DictReader(io.StringIO(s.service.command("report", "--csv").stdout)))
    s.expect([(row["group"], row["name"], row["held"]) for row in table]
             == [(group, name, str(row["held"])) for (group, name), row in rows.items()],
             "the table has the same rows")
    s.expect(set(table[0]) == set(total), "and columns")
    words = s.service.command("report").stdout
    s.expect("1 made: 1 kept" in words and "somebody called in 50 of 100" in words,
             "people read it in words")
    s.expect(not any("@" in text for text in (words, *told)), "no person is named")


def run():
    with contextlib.ExitStack() as end:
        sink = end.enter_context(Sink())
        service = end.enter_context(Callfirst(sink.port))
        story = Story(service, sink)
        new_text(story)
        promise(story)
        report(story)
        return 1 if story.faults else 0
