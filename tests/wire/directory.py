"""directory.py - mail to be held, a scripted customer system, a table of people, and the way through SMTP.

The customer system answers well, knows nobody, stalls, drips, sends 1 MB, hangs up and answers with
errors. Whatever it does, each mail is held in time and its notice tells what is known. Mail that passes
is never asked about; nothing that was found reaches log or metrics at level trace.

Loopback only. Python 3.11, standard library only.
"""
import json
import quopri
import time
import urllib.parse

from scripted import Check, Scripted, served
from sink import Sink, send
from support import HELD_TEXT, Callfirst, wait_for

TIMEOUT_SECS = 1
# Beyond the timeout a mail may take this long, in the dev profile on a busy machine.
SLACK_SECS = 5

KEY = "crm-canary-0815"
PEOPLE = "address,name,role,phone\n*@customer.test,,,+44 20 7946 0800\nkim@example.org,Kim,,020 7946 0111\n"
PERSON = {"name": "Susan Canary", "role": "Head of Purchasing", "zone": "Europe/London",
          "numbers": ["020 7946 0821", "020 7946 0111"]}


class System(Scripted):
    key_field = "X-Api-Key"

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.play(query["address"][0])

    def good(self):
        self.reply(json.dumps(PERSON).encode())

    def nobody(self):
        self.reply(b"", 404)


def configured(server, hop):
    service = Callfirst(hop, environment={"CALLFIRST_LOG": "trace"}, more=(
        '[directory]\nfile = "people.csv"\ncountry = "GB"\nkey_file = "crm.key"\n'
        'key_field = "X-Api-Key"\ntimeout = "%ds"\n'
        'url = "http://127.0.0.1:%d/people?address={address}"\n'
        % (TIMEOUT_SECS, server.server_port)))
    (service.dir / "people.csv").write_text(PEOPLE)
    (service.dir / "crm.key").write_text(KEY + "\n")
    (service.dir / "crm.key").chmod(0o600)
    return service


def mail(text, to, number):
    return ("From: Dana <dana@example.org>\r\nTo: %s\r\nMessage-ID: <directory-%d@example.org>\r\n"
            "Subject: Your crate\r\n\r\n%s\r\n" % (to, number, text)).encode()


def notices(sink):
    return [quopri.decodestring(m.data).decode(errors="replace") for m in sink.mails if not m.sender]


def held(service, sink, number):
    """Sends one mail to be held, to an address of its own; gives its notice and the seconds."""
    before, to = len(notices(sink)), "Buyer.%d@customer.test" % number
    began = time.monotonic()
    send(service.smtp, "dana@example.org", [to], mail(HELD_TEXT, to, number))
    took = time.monotonic() - began
    wait_for(lambda: len(notices(sink)) > before, 20, "the notice")
    return notices(sink)[-1], took


def run():
    check = Check()
    with Sink() as sink, served(System) as server:
        service = configured(server, sink.port)
        with service:
            notice, _ = held(service, sink, 0)
            for word in ("Susan Canary", "Head of Purchasing", "020 7946 0821", "customer system",
                         "020 7946 0800", "your directory", "When we wrote this, it was"):
                check(word in notice, "the notice says “%s”" % word)
            check("7946 0111" not in notice, "and no number of our own")
            check(server.heard == ["buyer.0@customer.test"], "asked for %s" % server.heard)
            send(service.smtp, "dana@example.org", ["ann@customer.test"],
                 mail("Nothing of note.", "ann@customer.test", 1))
            check(len(server.heard) == 1, "nobody is asked about mail that passes")
            # Every fifth failure in a row would let it rest; a good answer in between starts anew.
            acts = ("nobody", "html", "broken", "stalls", "drips", "good", "floods", "leaves")
            for number, act in enumerate(acts, start=2):
                server.act = act
                notice, took = held(service, sink, number)
                known = "020 7946 0800" in notice and ("Susan Canary" in notice) == (act == "good")
                check(known and took < TIMEOUT_SECS + SLACK_SECS, "%s: held after %.2f s" % (act, took))
            server.act = "broken"
            asked = len(server.heard)
            for number in range(20, 26):
                held(service, sink, number)
            check(len(server.heard) - asked < 6, "a system that fails is left alone")
            metrics, log = service.get("/metrics"), service.log(1 << 24)
            for outcome in ("known", "unknown", "invalid", "server_error", "timed_out", "too_large",
                            "broken"):
                check('directory_asked_total{outcome="%s",source="crm"}' % outcome in metrics, "counted: " + outcome)
            check('directory_not_asked_total{source="crm",why="resting"}' in metrics, "counted: resting")
            told = [w for w in ("Canary", "Purchasing", "7946 0", "2079460", "buyer.0", "Buyer.0", KEY)
                    if w in log + metrics]
            check("customer system" in log and not told,
                  "no name, number, address or key in log and metrics, at level trace %s" % told)
            check(set(server.keys) == {KEY}, "the key is sent in its field")
            code = service.stop()
            check(code == 0, "SIGTERM ends with 0 (%d)" % code)
    return 1 if check.faults else 0
