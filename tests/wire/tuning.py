#!/usr/bin/env python3
"""tuning.py - from a false alarm to a change in force and back, at the command line.

A held mail has proposals; the best is applied: the running service takes it over, and the same mail
passes. What somebody else edits stands in the book as changed outside, and an older change is not rolled
back over it. Rolled back, the mail is held again. With four eyes nobody accepts his own. A set that does not compile is never written.

Loopback only. Python 3.11, standard library only.
"""
import json
import os

from sink import Sink, send
from support import HELD_TEXT, Callfirst, wait_for

FALSE_ALARM = HELD_TEXT + " So it stands upon the enamel sign that our museum bought from you."


def mail(number):
    return ("From: eva@example.org\r\nTo: kim@customer.test\r\nSubject: The enamel sign\r\n"
            "Message-ID: <tune-%d@example.org>\r\n\r\n%s\r\n" % (number, FALSE_ALARM)).encode()


def held_again(service, number):
    before = len(service.holds())
    send(service.smtp, "eva@example.org", ["kim@customer.test"], mail(number))
    return len(service.holds()) > before


def history(service):
    lines = service.command("policies", "history", "--json").stdout.splitlines()
    return [json.loads(line) for line in lines]


def in_force(service, number):
    wait_for(lambda: any(c["change"] == number and c["live"] for c in history(service)), 60,
             "change %d in force" % number)


def alone():
    with Sink() as sink, Callfirst(sink.port) as service:
        shelf = service.dir / "policies/shelf.toml"
        text = shelf.read_text()
        assert held_again(service, 1)
        hold = service.holds()[0]["id"]
        offers = service.command("tune", hold, "--json").stdout.splitlines()
        offers = [json.loads(line) for line in offers]
        assert offers and offers[0]["good"] and offers[0]["cures"], offers
        assert shelf.read_text() == text, "telling changes nothing"
        service.command("tune", hold, "--apply", "1", "--reason", "museum pieces")
        in_force(service, 1)
        assert not held_again(service, 2), "the same mail passes"
        print("PASS a proposal is applied: the same mail passes")
        kept = shelf.read_text()
        shelf.write_text(kept.replace("send_anyway = true", "send_anyway = false"))
        wait_for(lambda: any(c["kind"] == "outside" for c in history(service)), 60, "the edit in the book")
        late = service.command("policies", "rollback", "1", check=False)
        assert late.returncode == 1 and "take back the later changes first" in late.stderr, late
        print("PASS what others edit stands in the book, and is not rolled over")
        shelf.write_text(kept)
        wait_for(lambda: sum(c["kind"] == "outside" for c in history(service)) == 2, 60, "the edit back")
        service.command("policies", "rollback", "1", "--reason", "no")
        assert shelf.read_text() == text
        wait_for(lambda: any(c["kind"] == "roll_back" and c["live"] for c in history(service)), 60,
                 "the roll-back in force")
        assert held_again(service, 3), "it is held again"
        assert next(c for c in history(service) if c["change"] == 1)["state"] == "rolled_back"
        patch = service.command("policies", "diff", "1").stdout
        assert patch.startswith("--- a/shelf.toml\n+++ b/shelf.toml\n"), patch
        print("PASS it is rolled back: the same mail is held again")
        assert service.command("audit", "verify", check=False).returncode == 0
        print("PASS the audit's chain is whole")


def together():
    more = "[desk]\nsecond_person_for_policies = true\n"
    with Sink() as sink, Callfirst(sink.port, more=more) as service:
        assert held_again(service, 1)
        hold = service.holds()[0]["id"]
        os.environ["SUDO_USER"] = "ann"
        said = service.command("tune", hold, "--apply", "1").stderr
        assert "somebody else takes it" in said, said
        own = service.command("policies", "accept", "1", check=False)
        assert own.returncode == 1 and "somebody else has to accept it" in own.stderr, own
        os.environ["SUDO_USER"] = "bob"
        service.command("policies", "accept", "1")
        in_force(service, 1)
        assert not held_again(service, 2)
        print("PASS with four eyes somebody else accepts")


def run():
    alone()
    together()
    return 0


if __name__ == "__main__":
    raise SystemExit(run())
