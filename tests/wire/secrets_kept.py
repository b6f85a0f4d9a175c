#!/usr/bin/env python3
"""secrets_kept.py - what a mail says, and what opens a hold, reaches neither log nor metric.

Canary words stand in subject, body, names, file names, header fields and typed reasons; mail is held,
passed, split, refused and released, pages are opened and answered, at the most talkative log level
there is, in both formats. Then log, metrics and health are searched for every canary, for the
links' tokens and for the key.

Loopback only. Python 3.11, standard library only.
"""
import contextlib
import datetime
import re
import smtplib
import urllib.error
import urllib.request

import page
from sink import Sink, send
from support import HELD_TEXT, SPLIT_TEXT, Callfirst, wait_for

NONCE = re.compile(r'name="nonce" value="([^"]+)"')
REPLY_TO = re.compile(rb"Reply-To: <(callfirst\+[a-z2-7]+)@")
REPLIES = '[replies]\naddress = "callfirst@example.org"\ntrusted = "networks"\n'
LINK = re.compile(rb"http://127\.0\.0\.1:\d+/h/([A-Za-z0-9_.~-]+)")


class Canaries:
    """Words that nothing else contains."""

    def __init__(self):
        self.words = []

    def __call__(self, place):
        word = "canary%03d%s" % (len(self.words), place)
        self.words.append(word)
        return word


def mail(canary, text, number):
    return "\r\n".join([
        "From: %s <dana@example.org>" % canary("fromname"),
        "To: %s <ann@customer.test>" % canary("toname"),
        "Message-ID: <secret-%d@example.org>" % number,
        "Subject: %s" % canary("subject"), "X-%s: %s" % (canary("header"), canary("field")),
        "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "",
        canary("preamble"), "--b", "Content-Type: text/plain; charset=utf-8", "",
        text + " " + canary("body") + ".", "Call " + canary("signature") + ", +1 404 555 0142",
        "--b", 'Content-Type: text/html; name="%s.html"' % canary("filename"),
        "", "<p>%s</p>" % canary("html"),
        "--b", "Content-Type: application/pdf", "Content-Transfer-Encoding: base64", "",
        "!!%s" % canary("broken"), "--b--", ""]).encode()


def misspoken(port, canary):
    """Commands that no server takes."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.docmd(canary("verb"))
        client.ehlo("%s.test" % canary("helo"))
        client.docmd("MAIL", "FROM:<not an address %s>" % canary("address"))
        client.docmd("MAIL", "FROM:<a@example.org> %s=x" % canary("parameter"))


def call(link, canary):
    """A call with a promise, which is then kept; a field that is refused before."""
    day = (datetime.date.today() + datetime.timedelta(days=3)).isoformat()
    told = {"person": canary("person"), "note": canary("agreed"), "remedy": canary("remedy"),
            "accountable": canary("accountable"), "follow_up": day}
    status, _ = page.submit(link, "dont_send", {**told, "amount": canary("amount")})
    assert status == 422, status
    status, answer = page.submit(link, "dont_send", {**told, "amount": "120 EUR"})
    assert status == 200 and "120 EUR" in answer, answer[-800:]
    page.get(link + "/follow-up.ics")
    status, _ = page.submit(link, "promise", {"promise": "done", "note": canary("kept")})
    assert status == 200, status


def reply(port, canary, address):
    """Answers a notice by mail: unproven, then proven, with words that ask for nothing."""
    for source in ("REMOTE", "LOCAL"):
        with smtplib.SMTP("127.0.0.1", port, "client.test", timeout=20) as client:
            client.ehlo()
            client.docmd("XFORWARD", "SOURCE=" + source)
            client.mail("dana@example.org")
            client.rcpt(address + "@example.org")
            client.data("\r\n".join([
                "From: %s <dana@example.org>" % canary("replyname"),
                "Message-ID: <%s@example.org>" % canary("replyid"),
                "Subject: %s" % canary("replysubject"), "", canary("replybody"), ""]).encode())


def walk(service, sink, canary):
    """Everything that a mail can meet. Gives what was handed out: tokens, and a page's nonce."""
    recipients = ["ann@customer.test"]
    for n, text in enumerate((HELD_TEXT, HELD_TEXT, HELD_TEXT, HELD_TEXT, SPLIT_TEXT, "Nothing of note.")):
        to = recipients + (["kim@example.org"] if text == SPLIT_TEXT else [])
        send(service.smtp, "dana@example.org", to, mail(canary, text, n))
    for n, broken in enumerate(("A lone line end\nis refused.", "A NUL \0 too.")):
        send(service.smtp, "dana@example.org", recipients, mail(canary, broken, 8 + n))
    misspoken(service.smtp, canary)
    notices = lambda: [m for m in sink.mails if not m.sender]
    wait_for(lambda: len(notices()) >= 5, 60, "the notices")
    links = sorted({LINK.search(m.data.replace(b"=\r\n", b"")).group(0).decode()
                    for m in notices()})
    assert len(links) == 5, links
    choices = {"reason": canary("reason"), "note": canary("note"), "sure": "yes"}
    for link, action in zip(links, ("send_anyway", "withdraw", "false_alarm")):
        status, answer = page.submit(link, action, choices)
        assert status == 200, "%s was answered %d: %s" % (action, status, answer[-800:])
    call(links[4], canary)
    nonce = NONCE.search(page.get("%s?%s=1" % (links[3], canary("query")))).group(1)
    for wrong in (links[3] + "x", links[3][:-3] + "abc"):
        with contextlib.suppress(urllib.error.HTTPError):
            page.get(wrong)
    form = "action=withdraw&note=%s&nonce=%s" % (choices["note"], canary("nonce"))
    for headers in ({"Origin": "https://elsewhere.example"}, {}):
        request = urllib.request.Request(links[3], form.encode(), headers)
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=20).close()
    addresses = sorted({REPLY_TO.search(m.data).group(1).decode() for m in notices()})
    for address in addresses:
        reply(service.smtp, canary, address)
    last = next(h for h in service.holds() if h["state"] == "held")
    service.command("holds", "release", last["id"], "--reason", canary("reason"))
    wait_for(lambda: not {h["state"] for h in service.holds()} & {"held", "approved", "released"},
             60, "the releases")
    tokens = [address.partition("+")[2] for address in addresses]
    return [link.rpartition("/")[2] for link in links] + [nonce] + tokens


def run():
    faults = 0
    for form in ("text", "json"):
        canary = Canaries()
        with Sink() as sink, Callfirst(sink.port, log='format = "%s"' % form, more=REPLIES,
                                       environment={"CALLFIRST_LOG": "trace"}) as service:
            tokens = walk(service, sink, canary)
            key = (service.data / "callfirst.db.key").read_text().strip()
            seen = {path: service.get(path) for path in ("/metrics", "/healthz", "/readyz")}
            service.stop()
            seen["the log"] = (service.dir / "log").read_text(errors="replace")
        # The search finds something if there is something: both were at work.
        proof = "DEBUG" in seen["the log"] and "callfirst_" in seen["/metrics"]
        faults += not proof
        secrets = canary.words + tokens + [t[:24] for t in tokens] + [key, key[:16]]
        for place, text in seen.items():
            for secret in secrets:
                line = next((l for l in text.splitlines() if secret.lower() in l.lower()), None)
                if line:
                    faults += 1
                    print("FAIL %s is in %s: %.300s" % (secret, place, line))
        print("%s: %d canaries, %d tokens and nonces, a key; %d log lines searched%s" % (
            form, len(canary.words), len(tokens), seen["the log"].count("\n"),
            "" if proof else "; FAIL there was nothing to search"))
    return 1 if faults else 0
