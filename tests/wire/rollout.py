#!/usr/bin/env python3
"""rollout.py - a policy that is rolled out step by step, with the real binary.

It only tells its senders; then it holds the mail of some of them, always the same ones; a team is
kept back. What went by is recorded, a shadow version runs beside the live one, and a kill loses no
more than the last seconds of records and no mail.

Loopback only. Python 3.11, standard library only.
"""
import json
import time

from sink import Sink, send
from support import Callfirst, kill, wait_for

POLICY = """
id = "crate"
title = "news of a crate"
category = "other"
description = "Holds mail about a crate."
mode = "%s"

[hold]
threshold = 0.5

%s

[[signal]]
name = "the crate"
weight = %s
any = ["move that crate beneath the stairs"]
"""
TEXT = "Please move that crate beneath the stairs."
TEAMS = """
[[team]]
name = "north"
members = ["@north.example.org"]

[[team]]
name = "south"
members = ["@south.example.org"]
mode = "notify"
"""
SENDERS = 40


def mail(name, text, sender):
    return ("From: %s\r\nTo: ann@customer.test\r\nSubject: Here\r\n"
            "Message-ID: <rollout-%s@example.org>\r\n\r\n%s\r\n" % (sender, name, text)).encode()


class Rollout:
    def __init__(self, service, sink):
        self.service, self.sink, self.faults, self.count = service, sink, 0, 0
        self.file = service.dir / "policies" / "crate.toml"

    def expect(self, right, what):
        self.faults += not right
        print("%s %s" % ("PASS" if right else "FAIL", what), flush=True)

    def put(self, mode, rollout="", weight="8.0", file=None):
        """The policy is in force when this returns."""
        log, file = self.service.dir / "log", file or self.file
        from_here = log.stat().st_size
        file.parent.mkdir(exist_ok=True)
        file.write_text(POLICY % (mode, rollout, weight))
        wait_for(lambda: b"new policies are in force" in log.read_bytes()[from_here:], 20)

    def send(self, sender, text=TEXT):
        """Whether it went out at once."""
        self.count += 1
        name = "%d" % self.count
        to = "ann.%d@customer.test" % self.count
        _, (code, _) = send(self.service.smtp, sender, [to], mail(name, text, sender))
        self.expect(code == 250, "250 for mail %s" % name) if code != 250 else None
        # A notice names the mail too, and goes to its sender.
        return any(to in m.recipients for m in list(self.sink.mails))

    def letters(self, to):
        return [m for m in list(self.sink.mails) if m.sender == "" and to in m.recipients]

    def records(self, *words):
        said = self.service.command("traffic", "--json", *words).stdout
        return [json.loads(line) for line in said.splitlines()]

    def judged(self):
        return sum(r["mails"] for r in self.records() if r["what"] == "judged")


def tells(r):
    r.put("notify")
    sender = "dana@example.org"
    r.expect(r.send(sender), "a policy that only tells lets the mail out")
    r.expect(not r.service.holds(), "and holds nothing")
    letters = lambda: r.letters(sender)
    wait_for(letters, 30, "the letter")
    r.expect(len(letters()) == 1 and b"better as a call" in letters()[0].data.replace(b"=\r\n", b""),
             "its sender gets one letter: it would be better as a call")
    r.expect(b"/h/" not in letters()[0].data, "with nothing to decide in it")
    r.expect(r.send(sender, "All is well."), "other mail passes")
    time.sleep(4)
    r.expect(len(letters()) == 1, "and causes no letter")


def canaries(r):
    senders = ["clerk.%d@example.org" % n for n in range(SENDERS)]
    held = {}
    for percent in (0, 30, 60, 100):
        r.put("enforce", "[rollout]\ncanary = %d" % percent)
        held[percent] = {sender for sender in senders if not r.send(sender)}
    r.expect(not held[0] and len(held[100]) == SENDERS, "none of 0 in 100, all of 100")
    r.expect(2 <= len(held[30]) < len(held[60]) < SENDERS,
             "%d and %d of %d at 30 and 60" % (len(held[30]), len(held[60]), SENDERS))
    r.expect(held[30] < held[60], "whoever was a canary stays one")
    r.put("enforce", "[rollout]\ncanary = 30")
    again = {sender.upper() for sender in senders if not r.send(sender.upper())}
    r.expect(again == {sender.upper() for sender in held[30]},
             "the same ones again, whatever the case of letters")


def teams(r):
    r.put("observe", '[rollout.teams]\nnorth = "enforce"\nsouth = "enforce"')
    r.expect(not r.send("kim@north.example.org"), "a team in which it is enforced is held")
    r.expect(r.send("kim@south.example.org"), "a team that is kept back is not")
    wait_for(lambda: r.letters("kim@south.example.org"), 30, "a letter to the south")
    r.expect(r.send("kim@example.org"), "nobody else is")
    time.sleep(3)
    r.expect(not r.letters("kim@example.org"), "nor told")
    bad = r.file.read_text().replace("south =", "soth =")
    log = r.service.dir / "log"
    from_here = log.stat().st_size
    r.file.write_text(bad)
    wait_for(lambda: b'there is no team' in log.read_bytes()[from_here:], 20)
    r.expect(not r.send("kim@north.example.org"), "a team that is not there is refused")


def shadow(r):
    file = r.service.dir / "policies" / "shadow" / "crate.toml"
    r.put("enforce")
    r.put("enforce", weight="1.0", file=file)
    r.expect(not r.send("dana@example.org"), "beside a milder shadow the mail is held")
    found = lambda: [d for d in r.records() if d["what"] == "shadow" and d["shadow"] is None]
    wait_for(found, 20, "a difference")
    r.expect(found()[0]["live"] == "crate", "and the difference is told")
    log = r.service.dir / "log"
    from_here = log.stat().st_size
    file.write_text(POLICY % ("enforce", "", "999999"))
    wait_for(lambda: b"shadow refused" in log.read_bytes()[from_here:], 20)
    r.expect(not r.send("dana@example.org"), "a shadow with a mistake is refused, the policies stay")
    checked = r.service.command("check", check=False)
    r.expect(checked.returncode == 2 and "shadow" in checked.stderr, "and `check` tells it")
    file.unlink()


def records(r):
    wait_for(lambda: r.judged() == r.count, 20, "records of all mail")
    r.expect(True, "every mail is recorded once: %d" % r.count)
    held = sum(line["held"] for line in r.records("--policy", "crate")
               if line["what"] == "projected")
    r.expect(held == len(r.service.holds()), "as many are held as were: %d" % held)
    effect = [line for line in r.records("--policy", "crate", "--threshold", "0.999")
              if line["what"] == "effect"][0]
    r.expect(effect["after"] == 0 < effect["before"], "from 0.999 on it would hold none")
    passed = lambda: r.send("dana@example.org", "All is well.")
    passed()
    r.service.stop()
    r.service.start()
    r.expect(r.judged() == r.count, "a drain writes what waits")
    passed()
    wait_for(lambda: r.judged() == r.count, 20)
    passed()
    kill(r.service.dir)
    r.service.start()
    r.expect(r.judged() in (r.count - 1, r.count), "a kill loses the last seconds at most")
    r.expect(passed(), "and mail flows")
    text = b"".join(f.read_bytes() for f in r.service.data.glob("callfirst.db*") if "key" not in f.name)
    r.expect(b"All is well" not in text, "no word of mail that passed is in the store")


def run():
    with Sink() as sink, Callfirst(sink.port, more=TEAMS) as service:
        r = Rollout(service, sink)
        for story in (tells, canaries, teams, shadow, records):
            story(r)
        return 1 if r.faults else 0
