"""second_reader.py - mail in doubt, a scripted second reader, and the whole way through SMTP.

The server of this test answers well, lies, rambles, stalls, drips, sends 10 MB, hangs up and answers
with errors. Whatever it does, each mail is answered in time, a lie moves nothing, and mail that is
in no doubt is never shown to it.

Loopback only. Python 3.11, standard library only.
"""
import json
import time

from scripted import Check, Scripted, served
from sink import Sink, send
from support import Callfirst, wait_for

TIMEOUT_SECS = 1
# Beyond the timeout a mail may take this long, in the dev profile on a busy machine.
SLACK_SECS = 5

KEY = "sk-canary-0815"
# 0.38: passes by itself, and is in doubt.
DOUBTFUL = "Dear Mr Ashdown, the crate may slip to May."
PLAIN = "Nothing of note, Mr Ashdown."
POLICY = """
id = "slip"
title = "a delay"
category = "delivery_delay"
[[signal]]
name = "slip"
weight = 3.5
any = ["crate may slip"]
[[test]]
name = "alone it passes"
text = "The crate may slip to May."
expect = "pass"
"""


def completion(answer):
    content = answer if isinstance(answer, str) else json.dumps(answer)
    return json.dumps({"choices": [{"index": 0, "finish_reason": "stop", "message": {
        "role": "assistant", "content": content}}]}).encode()


def said(category, sentence, sure=0.9):
    return completion({"news": category != "none", "category": category, "sentence": sentence,
                       "sure": sure})


class Model(Scripted):
    flood_octets = 10 << 20

    def do_POST(self):
        self.play(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def good(self):
        # Copied from what was sent, as a model would.
        text = self.server.heard[-1]["messages"][1]["content"]
        line = next(l for l in text.splitlines() if "slip" in l)
        self.reply(said("delivery_delay", line))

    def lies(self):
        self.reply(said("delivery_delay", "We burnt your crate."))

    def invents(self):
        self.reply(said("horoscope", "The crate may slip to May."))

    def rambles(self):
        self.reply(completion("Certainly! Let us look at this mail together. " * 40))

    def busy(self):
        self.reply(b"{}", 429)


def mail(text, number):
    return ("From: Dana <dana@example.org>\r\nTo: Tom Ashdown <tom@customer.test>\r\n"
            "Message-ID: <second-%d@example.org>\r\nSubject: Your crate\r\n\r\n%s\r\n\r\n"
            "Kind regards,\r\nDana Whitfield\r\n" % (number, text)).encode()


def configured(server, hop):
    service = Callfirst(hop, environment={"CALLFIRST_LOG": "trace"})
    # Under a table of its own at the end; the policies are of their own too.
    with service.config.open("a") as file:
        file.write('\n[second_reader]\nurl = "http://127.0.0.1:%d/v1/chat/completions"\n'
                   'model = "scripted"\ntimeout = "%ds"\nkey_file = "second.key"\n'
                   % (server.server_port, TIMEOUT_SECS))
    (service.dir / "second.key").write_text(KEY + "\n")
    (service.dir / "second.key").chmod(0o600)
    (service.dir / "policies" / "slip.toml").write_text(POLICY)
    return service


def passed_and_held(service, sink):
    return sum(1 for m in sink.mails if m.sender), len(service.holds())


def one(service, sink, text, number):
    """Sends one mail; gives whether it was held, and the seconds until its answer."""
    passed, held = passed_and_held(service, sink)
    began = time.monotonic()
    send(service.smtp, "dana@example.org", ["tom@customer.test"], mail(text, number))
    took = time.monotonic() - began
    wait_for(lambda: sum(passed_and_held(service, sink)) > passed + held, 20, "the mail")
    return passed_and_held(service, sink)[1] > held, took


def explained(service, text, check):
    path = service.dir / "mail.eml"
    path.write_bytes(mail(text, 99))
    line = json.loads(service.command("explain", "--json", str(path)).stdout)
    told = line["second_reader"]
    check(line["verdict"] == "hold" and told["asked"] and told["outcome"] == "news",
          "explain asks, and says what was said")
    check("[NAME1]" in told["sent"] and "Ashdown" not in told["sent"], "and what was sent, masked")
    check(abs(told["term"] - 1.8) < 1e-9, "and its term (%s)" % told["term"])
    words = service.command("explain", str(path)).stdout
    check("second reader: news, delivery_delay" in words and "sent |" in words, "in words too")


def run():
    check = Check()
    with Sink() as sink, served(Model) as server:
        service = configured(server, sink.port)
        with service:
            held, _ = one(service, sink, DOUBTFUL, 0)
            check(held, "a good answer turns a mail in doubt to a hold")
            sent = server.heard[0]["messages"][1]["content"]
            check("crate may slip" in sent and "Ashdown" not in sent and "Whitfield" not in sent
                  and "customer.test" not in sent, "what is sent names nobody")
            held, _ = one(service, sink, PLAIN, 1)
            check(not held and len(server.heard) == 1, "mail in no doubt is not shown")
            explained(service, DOUBTFUL, check)
            # Every fifth failure in a row would let it rest; a good answer in between starts anew.
            acts = ("lies", "invents", "rambles", "html", "good", "broken", "busy", "stalls",
                    "drips", "good", "floods", "leaves")
            for number, act in enumerate(acts, start=2):
                server.act = act
                held, took = one(service, sink, DOUBTFUL, number)
                check(held == (act == "good") and took < TIMEOUT_SECS + SLACK_SECS,
                      "%s: %s after %.2f s" % (act, "held" if held else "passed", took))
            server.act = "broken"
            asked = len(server.heard)
            for number in range(20, 26):
                one(service, sink, DOUBTFUL, number)
            check(len(server.heard) - asked < 6, "a server that fails is left alone")
            metrics = service.get("/metrics")
            for outcome in ("news", "wrong_sentence", "wrong_category", "no_answer",
                            "no_completion", "server_error", "rate_limited", "timed_out",
                            "too_large", "broken"):
                check('second_reader_asked_total{outcome="%s"}' % outcome in metrics,
                      "counted: " + outcome)
            check('second_reader_not_asked_total{why="resting"}' in metrics, "counted: resting")
            log = service.log(1 << 24)
            check("second reader" in log and not [w for w in ("Ashdown", "crate", "burnt", KEY)
                                                  if w in log + metrics],
                  "no word of mail, answer or key in log and metrics, at level trace")
            check(set(server.keys) == {"Bearer " + KEY}, "the key is sent")
            code = service.stop()
            check(code == 0, "SIGTERM ends with 0 (%d)" % code)
    return 1 if check.faults else 0
