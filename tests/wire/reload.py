#!/usr/bin/env python3
"""reload.py - new policies, certificates and people while mail flows.

A changed file or SIGHUP brings a good set into force; a broken one, or one whose own tests fail, is refused
with file and line in the log, and the old one stays. The same for the certificate and the directory's file. No mail of the
stream that runs all the while is refused.

Loopback only. Python 3.11, standard library only.
"""
import contextlib
import os
import signal
import socket
import ssl
import tempfile
import threading

from sink import Sink, send
from support import Callfirst, certificate, wait_for

POLICY = """
id = "crate"
title = "a sentence that this test holds"
category = "other"
description = "Holds mail about a crate."

[hold]
threshold = 0.5

[[signal]]
name = "the crate"
weight = 8.0
any = ["move that crate beneath the stairs"]

[[test]]
name = "the crate is held"
text = "Please move that crate beneath the stairs."
expect = "%s"
"""
TEXT = "Please move that crate beneath the stairs."


def mail(number, text):
    return ("From: dana@example.org\r\nTo: ann@customer.test\r\nSubject: Here\r\n"
            "Message-ID: <reload-%s@example.org>\r\n\r\n%s\r\n" % (number, text)).encode()


def shown_certificate(port):
    """What the door shows after STARTTLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 20) as plain:
        replies = plain.makefile("rb")
        for command in (None, b"EHLO client.test\r\n", b"STARTTLS\r\n"):
            if command:
                plain.sendall(command)
            while replies.readline()[3:4] == b"-":
                pass
        with context.wrap_socket(plain) as secure:
            return ssl.DER_cert_to_PEM_cert(secure.getpeercert(True)).strip()


class Stream:
    """Mail that passes, one after the other, until the end."""

    def __init__(self, port):
        self.port, self.codes, self.end = port, [], threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while not self.end.wait(0.02):
            try:
                _, (code, _) = send(self.port, "dana@example.org", ["ann@customer.test"],
                                    mail("stream-%d" % len(self.codes), "All is well."))
            except OSError as broken:
                code = str(broken)
            self.codes.append(code)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join(30)


class Reloads:
    def __init__(self, service):
        self.service, self.faults, self.count = service, 0, 0
        self.log = service.dir / "log"

    def expect(self, right, what):
        self.faults += not right
        print("%s %s" % ("PASS" if right else "FAIL", what), flush=True)

    def told(self, words, doing, what):
        """After `doing`, a line with all of these words stands in the log."""
        from_here = self.log.stat().st_size
        doing()
        def found():
            new = self.log.read_bytes()[from_here:].decode(errors="replace")
            return next((l for l in new.splitlines() if all(w in l for w in words)), None)
        try:
            wait_for(found, 20)
            self.expect(True, what)
        except TimeoutError:
            self.expect(False, "%s; no line with %s:\n%s" % (what, words, self.service.log(1500)))

    def holds_it(self):
        self.count += 1
        # To somebody else each time, or it is one conversation and has one whole notice.
        send(self.service.smtp, "dana@example.org", ["ann.%d@customer.test" % self.count],
             mail("crate-%d" % self.count, TEXT))
        return any("reload-crate-%d@" % self.count in h["message_id"]
                   for h in self.service.holds())

    def hangup(self):
        os.kill(self.service.pid, signal.SIGHUP)


def policies(r, folder):
    path = folder / "crate.toml"
    r.expect(not r.holds_it(), "before: the crate passes")
    r.told(["new policies are in force"], lambda: path.write_text(POLICY % "hold"),
           "a new file is taken without a signal")
    r.expect(r.holds_it(), "and the crate is held")
    broken = (POLICY % "hold").replace("threshold = 0.5", "threshold = 5")
    line = broken[:broken.index("threshold")].count("\n") + 1
    r.told(["refused", "crate.toml:%d" % line], lambda: path.write_text(broken),
           "a broken file is refused with its name and line")
    r.expect(r.holds_it(), "and the old set stays")
    r.told(["refused", "crate.toml:%d" % line], r.hangup, "the same at SIGHUP")
    r.told(["refused", "the crate is held"], lambda: path.write_text(POLICY % "pass"),
           "a file whose own test fails is refused")
    r.expect(r.holds_it(), "and the old set stays")
    r.told(["new policies are in force"], path.unlink, "without the file")
    r.expect(not r.holds_it(), "the crate passes again")


def guides(r, folder, sink):
    crate, guide = folder / "crate.toml", folder / "guides" / "en.toml"
    guide.parent.mkdir(exist_ok=True)
    r.told(["new policies are in force"], lambda: crate.write_text(POLICY % "hold"),
           "with the crate's policy again")
    r.told(["new policies are in force"],
           lambda: guide.write_text('voice_mail = "Leave nothing on the parrot."\n'),
           "a guide of one's own is taken without a signal")
    def shown():
        r.holds_it()
        return any(b"parrot" in mail.body for mail in list(sink.mails))
    wait_for(shown, 20)
    r.expect(True, "and the next notice says so")
    r.told(["refused", "en.toml:2", "{nmae}"],
           lambda: guide.write_text('\nleave = "This is {nmae}."\n'),
           "a guide with an unknown placeholder is refused with its name and line")
    guide.unlink()
    texts(r, folder, sink)
    crate.unlink()


def texts(r, folder, sink):
    text = folder / "texts" / "en.toml"
    text.parent.mkdir(exist_ok=True)
    r.told(["new policies are in force"],
           lambda: text.write_text('notice.call_title = "Ring the aviary"\n'),
           "a text of one's own is taken without a signal")
    def shown():
        r.holds_it()
        return any(b"Ring the aviary" in mail.body for mail in list(sink.mails))
    wait_for(shown, 20)
    r.expect(True, "and the next notice says so")
    r.told(["refused", "en.toml:2", "{when}"],
           lambda: text.write_text('\nnotice.remind = "We ask again."\n'),
           "a text without its placeholder is refused with its name and line")
    text.unlink()


def certificates(r, folder):
    file = folder / "cert.pem"
    first = file.read_text().strip()
    r.expect(shown_certificate(r.service.smtp) == first, "the certificate is shown")
    certificate(folder)
    second = file.read_text().strip()
    r.told(["certificate read again"], r.hangup, "a new certificate is read at SIGHUP")
    r.expect(first != second == shown_certificate(r.service.smtp), "and shown")
    file.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    r.told(["the old one stays"], r.hangup, "a broken one is refused")
    r.expect(shown_certificate(r.service.smtp) == second, "and the old one is shown")


def people(r, file):
    rows = "address,name,phone\nsusan@hall.example,Susan,+44 20 7946 0018\n"
    def renamed(text):
        beside = file.with_suffix(".new")
        beside.write_text(text)
        beside.rename(file)
    r.told(["directory of 1 people"], lambda: renamed(rows), "a new table of people is taken")
    broken = rows + "secret.example,Secret,\n"
    r.told(["directory refused", "people.csv:3"], lambda: renamed(broken),
           "a broken one is refused with its name and line")
    r.told(["directory refused", "people.csv:3"], r.hangup, "the same at SIGHUP")
    r.expect(b"Secret" not in r.log.read_bytes(), "and nothing of the line is told")
    r.told(["directory of 2 people"], lambda: file.write_text(rows + "*@hall.example,,\n"),
           "a mended one is taken, written in place")


def run():
    with contextlib.ExitStack() as end:
        folder = end.enter_context(tempfile.TemporaryDirectory())
        pair = certificate(folder)
        sink = end.enter_context(Sink())
        table = pair[0].parent / "people.csv"
        table.write_text("address\n")
        service = end.enter_context(Callfirst(
            sink.port, smtp='tls_certificate = "%s"\ntls_key = "%s"' % pair,
            more='[directory]\nfile = "%s"' % table))
        reloads = Reloads(service)
        with Stream(service.smtp) as stream:
            policies(reloads, service.dir / "policies")
            guides(reloads, service.dir / "policies", sink)
            certificates(reloads, pair[0].parent)
            people(reloads, table)
        wrong = [c for c in stream.codes if c != 250]
        reloads.expect(len(stream.codes) > 20 and not wrong,
                       "%d mails went through meanwhile, %d not" % (len(stream.codes), len(wrong)))
        return 1 if reloads.faults else 0
