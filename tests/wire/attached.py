#!/usr/bin/env python3
"""attached.py - mail with documents through the real service.

    - a denial in an attached PDF is held, attached terms pass byte for byte
    - documents that keep their readers busy delay their own mail up to the limit, lose none, and
      keep no other mail waiting
    - what a document says reaches neither log nor metrics
    - a service that is killed leaves no reader behind

Loopback only. Python 3.11, standard library only.
"""
import base64
import io
import pathlib
import threading
import time
import zipfile

from sink import Sink, send
from support import ROOT, Callfirst, wait_for

DOCUMENTS = ROOT / "tests/attachments/documents"
POINTS = "Dear Ms Hall,\r\n\r\nplease see the attached letter.\r\n"
LIMIT_SECS = 3
SLOW_MAILS = 6
# For a plain mail while the readers are busy; a loaded machine takes its time.
PROMPT_SECS = 2


def mail(number, text, name, octets):
    encoded = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    return ("From: Dana Reyes <dana@example.org>\r\nTo: Ann Hall <ann@customer.test>\r\n"
            "Message-ID: <%s@example.org>\r\nSubject: Your claim\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n"
            "--b\r\nContent-Type: application/octet-stream; name=%s\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n"
            % (number, text, name)).encode() + encoded + b"--b--\r\n"


def send_document(service, number, text, name, octets=None):
    """Sends one; gives how long it took, or `None` where it was not taken."""
    octets = (DOCUMENTS / name).read_bytes() if octets is None else octets
    began = time.monotonic()
    _, (code, _) = send(service.smtp, "dana@example.org", ["ann@customer.test"],
                        mail(number, text, name, octets))
    return time.monotonic() - began if code == 250 else None


def canary_document(word):
    """A letter that says one word that nothing else contains, and one that breaks off."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<d><p><t>Dear Ms Hall, %s. The repair is not covered "
                         "by your warranty and we have to decline your claim.</t></p>" % word)
    return out.getvalue()


def readers():
    """Processes that read documents."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[:2] == [b"callfirst", b"extract"]:
                found.append(process.name)
    return found


class Story:
    def __init__(self):
        self.faults = []

    def expect(self, right, what):
        if not right:
            self.faults.append(what)

    def letters_and_terms(self, service, sink):
        send_document(service, "denial", POINTS, "denial.pdf")
        held = [h["message_id"] for h in service.holds()]
        self.expect(any("denial@" in m for m in held), "a denial in a PDF was not held")
        self.expect(sink.find("<denial@example.org>") == [], "the held mail went on")
        terms = "Hello Ann,\r\n\r\nthe terms you asked for are attached.\r\n"
        send_document(service, "terms", terms, "terms.pdf")
        passed = sink.find("<terms@example.org>")
        sent = mail("terms", terms, "terms.pdf", (DOCUMENTS / "terms.pdf").read_bytes())
        self.expect(len(passed) == 1 and passed[0].data.endswith(sent), "terms did not pass whole")

    def busy_readers(self, service, sink):
        took, threads = {}, []

        def slow(number):
            took[number] = send_document(service, number, POINTS, "slow.pdf", slow_pdf(number))

        for n in range(SLOW_MAILS):
            threads.append(threading.Thread(target=slow, args=("slow-%d" % n,)))
            threads[-1].start()
        wait_for(readers, 20, "a reader")
        for n in range(5):
            began = time.monotonic()
            send(service.smtp, "dana@example.org", ["ann@customer.test"],
                 b"Message-ID: <plain-%d@example.org>\r\n\r\nSee you on Monday.\r\n" % n)
            secs = time.monotonic() - began
            self.expect(secs < PROMPT_SECS, "a plain mail waited %.1f s for readers" % secs)
        self.expect(readers(), "the readers were done before the plain mail: no test")
        for thread in threads:
            thread.join()
        for n in range(SLOW_MAILS):
            number = "slow-%d" % n
            secs = took.get(number)
            self.expect(secs is not None, "%s was not taken" % number)
            self.expect((secs or 0) < LIMIT_SECS + 3, "%s took %.1f s" % (number, secs or 0))
            self.expect(len(sink.find("<%s@" % number)) == 1, "%s is lost" % number)

    def secrets(self, service):
        word = "canary-of-a-document"
        send_document(service, "canary", POINTS, "canary.docx", canary_document(word))
        held = [h["message_id"] for h in service.holds()]
        self.expect(any("canary@" in m for m in held), "a denial in a DOCX was not held")
        told = service.log(1 << 30) + service.get("/metrics")
        self.expect(word not in told and "canary.docx" not in told, "log or metrics quote a document")
        self.expect('callfirst_attachments_total{kind="docx",outcome="text"} 1' in told,
                    "the metrics do not count documents")

    def nothing_is_left(self, service):
        def try_to_send():
            try:
                send_document(service, "killed", POINTS, "slow.pdf", slow_pdf("killed"))
            except OSError:
                pass
        sender = threading.Thread(target=try_to_send)
        sender.start()
        wait_for(readers, 20, "a reader")
        service.child.kill()
        sender.join()
        # Its own limit of time ends it.
        wait_for(lambda: not readers(), 60, "the end of the last reader")


def slow_pdf(number):
    """The same document to look at, another one to whoever remembers."""
    return (DOCUMENTS / "slow.pdf").read_bytes() + b"%% %s\n" % number.encode()


def main():
    story = Story()
    more = '[attachments]\ntime = "%ds"' % LIMIT_SECS
    with Sink() as sink, Callfirst(sink.port, policies=ROOT / "policies", more=more,
                                   log='level = "debug"') as service:
        story.letters_and_terms(service, sink)
        story.busy_readers(service, sink)
        story.secrets(service)
        story.nothing_is_left(service)
    for fault in story.faults:
        print("FAIL " + fault)
    print("attachments: %s" % ("%d wrong" % len(story.faults) if story.faults else "all well"))
    return 1 if story.faults else 0
