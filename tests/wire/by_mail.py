#!/usr/bin/env python3
"""by_mail.py - answers to notices, by mail, through the real doors.

Answers that are proven act once and are confirmed; forged ones, foreign ones and machines' do
nothing; none of them ever reaches the next hop, and their addresses reach no log.

Loopback only. Python 3.11, standard library only.
"""
import concurrent.futures
import email
import email.policy
import random
import smtplib
import time

from sink import Sink, send
from support import HELD_TEXT, Callfirst, Postgres, kill, wait_for

SENDER = "dana@example.org"
CUSTOMER = "ann@customer.test"
RELAY = "mx.example.org"
PASSED = RELAY + "; dmarc=pass (p=none dis=none) header.from=example.org"
EVERYTHING = '["withdraw", "no_answer", "called_send", "false_alarm", "send_anyway"]'
SECTION = '[replies]\naddress = "callfirst@example.org"\n'
BY_RESULTS = SECTION + 'trusted = "authentication_results"\nauthserv_id = "%s"\nallow = %s\n' % (
    RELAY, EVERYTHING)
BY_NETWORKS = SECTION + 'trusted = "networks"\n'


class House:
    """A service, the next hop behind it, and what went wrong."""

    def __init__(self, service, sink):
        self.service, self.sink = service, sink
        self.count, self.faults, self.tokens = 0, 0, []

    def expect(self, right, what):
        print("%s %s" % ("PASS" if right else "FAIL", what), flush=True)
        self.faults += not right

    def number(self):
        self.count += 1
        return "by-mail-%d" % self.count

    def notices(self, number):
        """Mails of ours in this mail's thread."""
        with self.sink.lock:
            return [m for m in self.sink.mails if not m.sender and number + "@" in m.head]

    def hold(self, sender=SENDER):
        """Has a mail held; gives its number and where its notice wants the answer."""
        number = self.number()
        head = ("From: Dana Reyes <%s>\r\nTo: %s\r\nSubject: Your claim\r\nMessage-ID: <%s@"
                "example.org>\r\n\r\n" % (sender, CUSTOMER, number))
        send(self.service.smtp, sender, [CUSTOMER], (head + HELD_TEXT + "\r\n").encode())
        notice = wait_for(lambda: self.notices(number), 30, "the notice")[0]
        read = email.message_from_bytes(notice.data, policy=email.policy.default)
        address = read["Reply-To"].addresses[0].addr_spec
        self.tokens.append(address.partition("+")[2].partition("@")[0])
        return number, address

    def state(self, number):
        holds = self.service.holds()
        return next(h["state"] for h in holds if number + "@" in h["message_id"])

    def reply(self, address, text, author="Dana Reyes <%s>" % SENDER, path=SENDER, results=PASSED,
              fields="", name=None, also=()):
        """Sends an answer as a telephone writes it; gives the reply's code."""
        name = name or self.number()
        head = ("Received: from phone.test by %s; Mon, 02 Nov 2026 10:00:00 +0000\r\n"
                "Authentication-Results: %s\r\nFrom: %s\r\nTo: <%s>\r\nSubject: Re: Your claim\r\n"
                "Message-ID: <%s@example.org>\r\n%s\r\n" % (RELAY, results, author, address, name,
                                                             fields))
        body = ("%s\r\n\r\nSent from my iPhone\r\n\r\n> On 2 Nov 2026, at 09:58, Call First "
                "<callfirst@example.org> wrote:\r\n> \r\n> Not delivered yet: please call first. "
                "called, no answer, withdraw, false alarm\r\n" % text)
        try:
            _, (code, _) = send(self.service.smtp, path, [address, *also], (head + body).encode())
            return code
        except smtplib.SMTPRecipientsRefused as refused:
            return refused.recipients[address][0]

    def answers(self, number, words, limit_secs=20):
        """Waits for an answer of ours with these words."""
        def look():
            texts = [email.message_from_bytes(m.data, policy=email.policy.default)
                     .get_body(("plain",)).get_content() for m in self.notices(number)]
            return [t for t in texts if words in " ".join(t.split())]
        return wait_for(look, limit_secs, "an answer with %r" % words)


def acts_once(h):
    number, address = h.hold()
    codes = [h.reply(address.upper(), "withdraw", name="same"),
             h.reply(address, "withdraw", name="same")]
    h.expect(codes == [250, 250] and h.state(number) == "withdrawn", "an answer acts: %s" % codes)
    h.answers(number, "was not delivered and will not be")
    time.sleep(1)
    h.expect(len(h.notices(number)) == 2, "its second delivery is not answered again")
    h.expect(h.reply(address, "called, send it") == 250, "a later answer is heard")
    h.answers(number, "it was taken back")
    h.expect(h.state(number) == "withdrawn", "and changes nothing")


def lets_go_once(h):
    number, address = h.hold()
    h.expect(h.reply(address, "I called, please send it") == 250, "a call is told by mail")
    h.answers(number, "now goes out as the written confirmation")
    wait_for(lambda: h.state(number) == "delivered", 20, "the delivery")
    sent = [m for m in h.sink.find(number + "@", to=CUSTOMER) if m.sender == SENDER]
    h.expect(len(sent) == 1, "the mail went out once")


def keeps_waiting(h):
    number, address = h.hold()
    h.reply(address, "no answer", name="twice")
    h.reply(address, "no answer", name="twice")
    h.answers(number, "keeps waiting")
    time.sleep(1)
    h.expect(h.state(number) == "held" and len(h.notices(number)) == 2,
             "nobody answered: it waits, and that is said once")


def at_once(h):
    number, address = h.hold()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        same = [pool.submit(h.reply, address, "withdraw", name="same-%s" % number)
                for _ in range(6)]
        others = [pool.submit(h.reply, address, "called, send it", name="other-%s-%d" % (number, n))
                  for n in range(2)]
        codes = {f.result() for f in same + others}
    state = h.state(number)
    h.expect(codes == {250} and state in ("withdrawn", "approved", "released", "delivered"),
             "eight at once: %s, %s" % (codes, state))
    time.sleep(2)
    done = h.notices(number)
    words = [" ".join(m.data.decode("latin-1").split()) for m in done]
    confirmed = sum("will not be" in w or "goes out as the" in w for w in words)
    h.expect(confirmed == 1 and len(done) <= 4, "one of them decided (%d letters)" % len(done))


def unclear(h):
    number, address = h.hold()
    for n in range(7):
        h.expect(h.reply(address, "Hm, what now? %d" % n) == 250, "an unclear answer is heard")
    h.answers(number, "We could not tell")
    time.sleep(2)
    h.expect(len(h.notices(number)) == 1 + 4, "and answered a few times only")
    h.expect(h.state(number) == "held", "and changes nothing")


def in_their_language(h):
    number, address = h.hold()
    h.reply(address, "Ich verstehe nicht, was ich hier noch tun soll und warum.")
    h.answers(number, "Wir haben Ihre Antwort nicht verstanden")
    h.expect(h.state(number) == "held", "an answer is in the language of the question")


def killed_in_between(h):
    """kill -9 at random while answers come in: each acts once and is confirmed once."""
    holds = [h.hold() for _ in range(10)]

    def insist(number, address):
        for _ in range(200):
            try:
                if h.reply(address, "no answer", name="insist-" + number) == 250:
                    return True
            except (OSError, smtplib.SMTPException):
                pass
            time.sleep(0.05)
        return False

    with concurrent.futures.ThreadPoolExecutor(len(holds)) as pool:
        done = [pool.submit(insist, *hold) for hold in holds]
        for _ in range(3):
            time.sleep(random.uniform(0.05, 0.4))
            kill(h.service.dir)
            h.service.start()
        h.expect(all(f.result() for f in done), "killed in between: all were heard in the end")
    for number, address in holds:
        h.reply(address, "no answer", name="insist-" + number)
    wait_for(lambda: all(len(h.notices(n)) > 1 for n, _ in holds), 60, "the confirmations")
    time.sleep(2)
    # A letter may come twice after a kill, as one and the same.
    ids = [{m.head.partition("Message-ID: ")[2].split()[0] for m in h.notices(n)} for n, _ in holds]
    h.expect(all(len(found) == 2 for found in ids), "each acted once: %s" % [len(i) for i in ids])


def does_nothing(h):
    number, address = h.hold()
    kims, kims_address = h.hold("kim@example.org")
    eve = "Eve <eve@example.org>"
    wrong = address[:-14] + ("a" if address[-14] != "a" else "b") + address[-13:]
    forged = RELAY + "; dkim=fail header.d=example.org"
    below = forged + "\r\nAuthentication-Results: " + PASSED
    for what, code, more in (
            ("another From", 550, {"author": eve}),
            ("two authors", 550, {"author": "%s, %s" % (SENDER, eve)}),
            ("another From, from outside", 250, {"author": eve, "path": "eve@else.test"}),
            ("a failed signature", 550, {"results": forged}),
            ("a stranger's word below the relay's own", 550, {"results": below}),
            ("another server's word", 550, {"results": "evil.test; dmarc=pass header.from=example.org"}),
            ("no word at all", 550, {"results": RELAY + "; none"}),
            ("a null reverse-path", 250, {"path": ""}),
            ("an out-of-office answer", 250, {"fields": "Auto-Submitted: auto-replied\r\n"}),
            ("a vacation program", 250, {"fields": "Precedence: bulk\r\nX-Autoreply: yes\r\n"}),
            ("a report", 250, {"path": "", "fields": "Content-Type: multipart/report; boundary=b\r\n"})):
        got = h.reply(address, "withdraw", **more)
        h.expect(got == code, "%s: %d" % (what, got))
    h.expect(h.reply(wrong, "withdraw") == 550, "an altered token, from one of us")
    h.expect(h.reply(wrong, "withdraw", path="eve@else.test") == 250, "the same from outside")
    h.expect(h.reply(kims_address, "withdraw") == 550, "another's hold")
    h.expect(h.state(number) == "held" and h.state(kims) == "held", "all of that did nothing")
    time.sleep(1)
    h.expect(len(h.notices(number)) == 1 and len(h.notices(kims)) == 1, "and was not answered")


def beside_others(h):
    number, address = h.hold()
    name = h.number()
    h.expect(h.reply(address, "withdraw", name=name, also=["kim@example.org"]) == 250,
             "an answer with a copy to a colleague")
    h.expect(h.state(number) == "withdrawn", "acts")
    copies = h.sink.find(name + "@")
    h.expect([m.recipients for m in copies] == [["kim@example.org"]], "and the colleague has it")


def audit(h):
    done = h.service.command("audit", "verify", check=False)
    h.expect(done.returncode == 0, "the audit's chain holds")


def nothing_leaked(h):
    with h.sink.lock:
        passed = [r for m in h.sink.mails for r in m.recipients if r.lower().startswith("callfirst+")]
    h.expect(not passed, "nothing reached the next hop: %s" % passed)
    seen = h.service.log(1 << 30) + h.service.get("/metrics")
    found = [t for t in h.tokens if t in seen.lower()]
    h.expect(not found and "callfirst_replies_total" in seen, "no token in log or metrics")


def by_networks():
    """Only what our peer's own clients hand in is proven, and less may be asked for."""
    with Sink() as sink, Callfirst(sink.port, more=BY_NETWORKS) as service:
        h = House(service, sink)
        number, address = h.hold()
        for source, code in (("REMOTE", 550), ("[UNAVAILABLE]", 550), (None, 550), ("LOCAL", 250)):
            with smtplib.SMTP("127.0.0.1", service.smtp, "client.test", timeout=60) as client:
                client.ehlo()
                if source:
                    client.docmd("XFORWARD", "NAME=phone.test ADDR=203.0.113.9 SOURCE=" + source)
                client.mail(SENDER)
                client.rcpt(address)
                text = "From: %s\r\nMessage-ID: <%s@x>\r\n\r\ncalled, send it\r\n" % (SENDER, source)
                got, _ = client.data(text.encode())
            h.expect(got == code, "SOURCE=%s: %d" % (source, got))
        h.answers(number, "This is done on the page")
        h.expect(h.state(number) == "held", "what is not allowed is not done")
        return h.faults


def store_down():
    """4xx while the store is down, and once it is back the same mail acts."""
    with Sink() as sink, Postgres() as server, Callfirst(
            sink.port, store=server.database("replies"), more=BY_RESULTS) as service:
        h = House(service, sink)
        number, address = h.hold()
        server.stop()
        code = h.reply(address, "withdraw", name="kept")
        h.expect(400 <= code < 500, "store down: %d" % code)
        server.start()
        wait_for(lambda: h.reply(address, "withdraw", name="kept") == 250, 60, "a 250")
        h.expect(h.state(number) == "withdrawn", "store back: it acts")
        return h.faults


def by_lmtp(h):
    """Each recipient has its own reply."""
    number, address = h.hold()
    with smtplib.LMTP("127.0.0.1", h.service.lmtp, "client.test") as client:
        client.ehlo()           # smtplib says LHLO here
        client.mail(SENDER)
        client.rcpt("kim@example.org")
        client.rcpt(address)
        client.putcmd("data")
        client.getreply()
        client.send(("Authentication-Results: %s\r\nFrom: %s\r\nMessage-ID: <%s@x>\r\n\r\nwithdraw"
                     "\r\n.\r\n" % (PASSED, SENDER, number)).encode())
        codes = [client.getreply()[0], client.getreply()[0]]
    h.expect(codes == [250, 250] and h.state(number) == "withdrawn", "LMTP: %s" % codes)


def run():
    with Sink() as sink, Callfirst(sink.port, more=BY_RESULTS,
                                   environment={"CALLFIRST_LOG": "trace"}) as service:
        house = House(service, sink)
        for story in (acts_once, lets_go_once, keeps_waiting, at_once, unclear, in_their_language,
                      does_nothing, beside_others, by_lmtp, killed_in_between, audit,
                      nothing_leaked):
            try:
                story(house)
            except (OSError, TimeoutError, smtplib.SMTPException) as wrong:
                house.expect(False, "%s: %s" % (story.__name__, wrong))
        faults = house.faults
        if faults:
            print(service.log())
    return 1 if faults + by_networks() + store_down() else 0
