#!/usr/bin/env python3
"""stories.py - mail through a real Postfix and callfirst, and back, in one of three set-ups.

    stories.py after-queue-lmtp|after-queue-smtp|before-queue-proxy [STORY...]

    client -> Postfix -> callfirst -> Postfix (re-injection) -> recording sink

Each story prints one line, PASS or FAIL; the last line counts them. With CALLFIRST_STAND_IN=1
the reference proxy stands in for callfirst, and stories that it cannot play are left out.

Root only, loopback only. Python 3.11, standard library only.
"""
import email
import email.policy
import json
import os
import pathlib
import re
import smtplib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "wire"))
import page  # noqa: E402
from instance import Postfix  # noqa: E402
from sink import Door, Sink, send  # noqa: E402
from support import HELD_TEXT, SPLIT_TEXT, STAND_IN, Callfirst, wait_for  # noqa: E402

SENDER = "dana@example.org"
REPLIES = '[replies]\naddress = "callfirst@example.org"\ntrusted = "networks"\n'
BODY = ("Dear Mrs Hall,\r\n\r\nthe parts are in the van. Grüße aus Köln, ½ price, ☎.\r\n"
        ".a line that begins with a dot\r\n.\r\n..\r\ntrailing blanks   \r\n\ttab\r\n\r\n").encode()


class World:
    """The set-up under test and the ends of the line."""

    def __init__(self, setup, sink, postfix, service, door):
        self.setup, self.sink, self.postfix = setup, sink, postfix
        self.service, self.door = service, door
        self.in_session = setup == "before-queue-proxy"
        self.count = 0

    def token(self):
        self.count += 1
        return "story-%03d-%d" % (self.count, os.getpid())

    def mail(self, token, body=BODY, extra=""):
        head = ("From: Dana Reyes <%s>\r\nTo: Ann Hall <ann@customer.test>\r\nSubject: %s\r\n"
                "Date: Mon, 02 Nov 2026 09:00:00 +0000\r\nMessage-ID: <%s@example.org>\r\n"
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: 8bit\r\nX-Story: %s\r\n%s\r\n"
                % (SENDER, token, token, token, extra))
        return head.encode() + body

    def send(self, recipients, data, options=("BODY=8BITMIME",), rcpt_options=(), sender=SENDER):
        return send(self.postfix.door, sender, recipients, data, options, rcpt_options)

    def arrived(self, token, to, limit_secs=30):
        """The one mail of this story for this recipient, once the sink has it."""
        def look():
            return [m for m in self.sink.find("X-Story: " + token) if to in m.recipients]
        wait_for(look, limit_secs, "%s at the sink for %s" % (token, to))
        found = look()
        assert len(found) == 1, "%d copies for %s" % (len(found), to)
        return found[0]

    def absent(self, token, to):
        found = [m for m in self.sink.find("X-Story: " + token) if to in m.recipients]
        assert not found, "%s got the mail" % to

    def told(self, token, words, limit_secs=30):
        """A mail to the sender about this story that has these words."""
        def look():
            with self.sink.lock:
                mails = list(self.sink.mails)
            return [m for m in mails if SENDER in m.recipients and token.encode() in m.data
                    and words.encode() in m.data]
        return wait_for(look, limit_secs, "a mail to the sender with %r" % words)[0]

    def held(self, token):
        """The hold of this story."""
        def look():
            return [h for h in self.service.holds() if token in h["message_id"]]
        return wait_for(look, 30, "the hold")[0]


def accepted(sent):
    refused, (code, text) = sent
    assert not refused and code == 250, (refused, code, text)


def plain_mail_arrives_byte_for_byte(w):
    t = w.token()
    accepted(w.send(["ann@customer.test"], w.mail(t)))
    mail = w.arrived(t, "ann@customer.test")
    assert mail.body == BODY, "the body was changed"
    assert "BODY=8BITMIME" in mail.mail_line, mail.mail_line


def next_hop_refuses_one_of_two_recipients(w):
    t = w.token()
    refused, (code, text) = w.send(["ann@customer.test", "no-such-one@customer.test"], w.mail(t))
    assert code == 250, (code, text)
    w.arrived(t, "ann@customer.test")
    if w.in_session:
        assert refused["no-such-one@customer.test"][0] == 550, refused
    else:
        w.told(t, "nobody of this name here")
    w.absent(t, "no-such-one@customer.test")


def next_hop_defers_one_of_two_recipients(w):
    t = w.token()
    refused, (code, text) = w.send(["ann@customer.test", "busy-one@customer.test"], w.mail(t))
    assert code == 250, (code, text)
    w.arrived(t, "ann@customer.test")
    w.absent(t, "busy-one@customer.test")
    w.postfix.refuse(busy=False)
    w.door.cut()        # a session that is kept open still has the old list
    if w.in_session:
        assert refused["busy-one@customer.test"][0] == 450, refused
        accepted(w.send(["busy-one@customer.test"], w.mail(t)))
    else:
        wait_for(w.postfix.deferred, 20, "the deferred mail")
        w.postfix.flush()
    w.arrived(t, "busy-one@customer.test")


def next_hop_refuses_at_the_end_of_data(w):
    t = w.token()
    _, (code, text) = w.send(["late-one@customer.test"], w.mail(t))
    if w.in_session:
        assert (code, b"refused at the end of data" in text) == (554, True), (code, text)
    else:
        assert code == 250, (code, text)
        w.told(t, "refused at the end of data")
    w.absent(t, "late-one@customer.test")


def dsn_parameters_reach_the_sink(w):
    t = w.token()
    accepted(w.send(["ann@customer.test"], w.mail(t),
                    ("BODY=8BITMIME", "RET=HDRS", "ENVID=story-42"),
                    ("NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;Ann+2BHall@customer.test")))
    mail = w.arrived(t, "ann@customer.test")
    for part in ("RET=HDRS", "ENVID=story-42"):
        assert part in mail.mail_line, mail.mail_line
    for part in ("NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;Ann+2BHall@customer.test"):
        assert part in mail.rcpt_lines[0], mail.rcpt_lines


def addresses_outside_ascii_arrive(w):
    t = w.token()
    accepted(w.send(["zoë@grüße.test"], w.mail(t), ("BODY=8BITMIME", "SMTPUTF8"),
                    sender="jörg@example.org"))
    mail = w.arrived(t, "zoë@grüße.test")
    assert mail.sender == "jörg@example.org" and "SMTPUTF8" in mail.mail_line, mail.mail_line


def next_hop_is_down_and_comes_back(w):
    t = w.token()
    w.door.shut()
    try:
        if w.in_session:
            refused = None
            try:
                refused, (code, text) = w.send(["ann@customer.test"], w.mail(t))
            except smtplib.SMTPRecipientsRefused as all_of_them:
                ((code, text),) = all_of_them.recipients.values()
            assert 400 <= code <= 499, (refused, code, text)
        else:
            accepted(w.send(["ann@customer.test"], w.mail(t)))
            wait_for(w.postfix.deferred, 60, "the deferred mail")
    finally:
        w.door.unlock()
    if w.in_session:
        accepted(w.send(["ann@customer.test"], w.mail(t)))
    else:
        w.postfix.flush()
    assert w.arrived(t, "ann@customer.test", 60).body == BODY


def a_mail_of_25_mb_arrives(w):
    t = w.token()
    line = b"QmlnIGF0dGFjaG1lbnRzIGFyZSBtYWRlIG9mIGxpbmVzIGxpa2UgdGhpcyBvbmUsIG1hbnk=\r\n"
    body = line * (25 * 1024 * 1024 // len(line))
    accepted(w.send(["ann@customer.test"], w.mail(t, body)))
    assert w.arrived(t, "ann@customer.test", 120).body == body, "the body was changed"


def hold(w, t):
    """Sends mail that is held; gives its bytes, the hold, and the notice."""
    body = BODY + b"\r\n" + HELD_TEXT.encode() + b"\r\n"
    accepted(w.send(["ann@customer.test"], w.mail(t, body)))
    held = w.held(t)
    assert held["state"] == "held", held
    assert held["sender"] == SENDER and held["recipients"] == ["ann@customer.test"], held
    notice = w.told(t, "Auto-Submitted:")
    assert notice.sender == "", "a notice has the null reverse-path"
    assert "%s@example.org" % t in notice.head, "the notice is not in the mail's thread"
    w.absent(t, "ann@customer.test")
    return body, held, notice


def released(w, t, body, held):
    mail = w.arrived(t, "ann@customer.test")
    assert mail.body == body, "the released body was changed"
    assert mail.sender == SENDER, mail.mail_line

    def ended():
        shown = w.service.command("holds", "show", held["id"], "--json").stdout
        return json.loads(shown.splitlines()[0])["state"] == "delivered"
    wait_for(ended, 20, "the hold to be delivered")


def a_held_mail_is_released_by_the_command(w):
    t = w.token()
    body, held, _ = hold(w, t)
    w.service.command("holds", "release", held["id"])
    released(w, t, body, held)


def link_of(notice):
    """The link to the hold's page in a notice."""
    read = email.message_from_bytes(notice.data, policy=email.policy.default)
    text = read.get_body(("plain",)).get_content()
    found = re.search(r"https?://[^\s\"<>]+/h/[A-Za-z0-9_-]+", text)
    assert found, "no link in the notice"
    return found.group(0)


def a_held_mail_is_released_on_its_page(w):
    t = w.token()
    body, held, notice = hold(w, t)
    link = link_of(notice)
    page.get(link)
    page.get(link)
    time.sleep(1)
    w.absent(t, "ann@customer.test")        # looking at the page sends nothing
    status, answer = page.submit(link, "send", {
        "person": "Ann Hall", "number": "+44 20 7946 0000", "note": "We spoke at ten."})
    assert status == 200, (status, answer[:500])
    released(w, t, body, held)
    with w.sink.lock:
        count = len(w.sink.mails)
    page.get(link)
    time.sleep(1)
    assert len(w.sink.mails) == count, "it was sent twice"


def a_colleague_gets_the_mail_that_is_held_for_the_customer(w):
    t = w.token()
    body = BODY + b"\r\n" + SPLIT_TEXT.encode() + b"\r\n"
    accepted(w.send(["ben@example.org", "ann@customer.test"], w.mail(t, body)))
    held = w.held(t)
    assert held["recipients"] == ["ann@customer.test"], held
    assert w.arrived(t, "ben@example.org").body == body
    w.absent(t, "ann@customer.test")


def answer(w, notice, text, door=None):
    """Answers a notice by mail, as a telephone does."""
    read = email.message_from_bytes(notice.data, policy=email.policy.default)
    address = read["Reply-To"].addresses[0].addr_spec
    t = w.token()
    mail = w.mail(t, ("%s\r\n\r\nSent from my iPhone\r\n" % text).encode())
    accepted(send(door or w.postfix.door, SENDER, [address], mail, ("BODY=8BITMIME",)))
    return address


def state_of(w, held):
    shown = w.service.command("holds", "show", held["id"], "--json").stdout
    return json.loads(shown.splitlines()[0])["state"]


def an_answer_by_mail_takes_a_held_mail_back(w):
    t = w.token()
    _, held, notice = hold(w, t)
    address = answer(w, notice, "withdraw")
    wait_for(lambda: state_of(w, held) == "withdrawn", 20, "the hold to be withdrawn")
    w.told(t, "Taken back")
    with w.sink.lock:
        assert not [m for m in w.sink.mails if address in m.recipients], "it went on"


def an_answer_from_outside_is_routed_and_proves_nothing(w):
    if w.setup != "after-queue-lmtp":
        return              # the one set-up whose Postfix has the route
    t = w.token()
    _, held, notice = hold(w, t)
    address = answer(w, notice, "withdraw", w.postfix.outside)
    w.told("story-%03d" % w.count, "nothing here proves whose answer this is")
    assert state_of(w, held) == "held", "it acted"
    with w.sink.lock:
        assert not [m for m in w.sink.mails if address in m.recipients], "it went on"


ALWAYS = [plain_mail_arrives_byte_for_byte, next_hop_refuses_one_of_two_recipients,
          next_hop_defers_one_of_two_recipients, next_hop_refuses_at_the_end_of_data,
          dsn_parameters_reach_the_sink, addresses_outside_ascii_arrive,
          next_hop_is_down_and_comes_back]
# What the stand-in cannot do.
REAL = [a_mail_of_25_mb_arrives, a_held_mail_is_released_by_the_command,
        a_held_mail_is_released_on_its_page,
        a_colleague_gets_the_mail_that_is_held_for_the_customer,
        an_answer_by_mail_takes_a_held_mail_back,
        an_answer_from_outside_is_routed_and_proves_nothing]


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    setup, wanted = sys.argv[1], sys.argv[2:]
    stories = ALWAYS + ([] if STAND_IN else REAL)
    if wanted:
        stories = [s for s in stories if s.__name__ in wanted]
    failed = 0
    with Sink() as sink:
        postfix = Postfix(setup, sink.port)
        door = Door(postfix.reinject)
        with Callfirst(door.port, more=REPLIES) as service:
            try:
                postfix.configure(service.smtp, service.lmtp)
                postfix.start()
                world = World(setup, sink, postfix, service, door)
                for story in stories:
                    failed += not told_as(story, world)
            finally:
                postfix.stop()
    print("%s: %d passed, %d failed" % (setup, len(stories) - failed, failed))
    return 1 if failed else 0


def told_as(story, world):
    began = time.monotonic()
    try:
        story(world)
    except Exception as wrong:
        print("FAIL %s: %s" % (story.__name__, wrong), flush=True)
        traceback.print_exc(limit=-2)
        print(world.postfix.log(), world.service.log(2000), flush=True)
        return False
    print("PASS %s (%.1f s)" % (story.__name__, time.monotonic() - began), flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
