#!/usr/bin/env python3
"""run.py - one step of the tests on the wire, against the real binary.

    run.py conformance            the SMTP checks at their hard level, on the SMTP door
    run.py corpus DIR...          thousands of odd mails: relayed byte for byte or refused
    run.py judged DIR...          the same mails through `replay`: each judged, in bounded time
    run.py crash sqlite|postgres [N]
                                  kill -9 at random while N mails come in, sink faults too
                                  (postgres: two nodes, either is killed)
    run.py crash-release sqlite|postgres [SEED]
                                  kill -9 while 60 holds are released (postgres: of two nodes)
    run.py fsync sqlite           a sync lies between the end of data and each 250
    run.py policies               every test of the shipped policies, through SMTP, and the
                                  same words as a quoted reply
    run.py disk-full              no room for a hold: 4xx, mail that passes goes on, and service
                                  returns by itself (root: it mounts a small file system)
    run.py store-down             the same with PostgreSQL killed and started again
    run.py after-call             new texts and promises, kill -9 between the steps
    run.py reload                 new policies and certificates while mail flows
    run.py rollout                a policy that tells, then holds for some; what went by is recorded
    run.py attachments            documents: held or passed, and nobody waits for their readers
    run.py secrets                no content, token or key in log and metrics, at level trace
    run.py directory              a customer system that stalls and breaks, a table of people; mail is held
    run.py ldap                   OpenLDAP: asked under TLS, stalled, away, a wrong password; mail is held
    run.py second-reader          a second reader that lies, stalls and rambles; mail flows
    run.py by-mail                answers to notices: proven ones act once, others do nothing
    run.py stop                   SIGTERM drains, SIGHUP refuses a bad configuration

Exit status 0, 1 when a check failed, or 77 when it cannot run here.

Python 3.11, standard library only.
"""
import contextlib
import json
import os
import re
import resource
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import tomllib

import after_call as after
import attached
import by_mail as answered
import crash_release as release
import directory as people
import ldap_directory
import reload as reloading
import rollout as rolled
import second_reader as second
import secrets_kept
import support
from sink import Sink, send
from support import (HELD_TEXT, HERE, ROOT, Callfirst, Postgres, certificate, free_ports, greets,
                     wait_for)

SKIP = 77


def script(name, *words, limit_secs=900):
    return subprocess.run([sys.executable, str(HERE / name), *[str(w) for w in words]],
                          timeout=limit_secs).returncode


def conformance():
    (hop,) = free_ports(1)
    with tempfile.TemporaryDirectory() as folder:
        tls = 'tls_certificate = "%s"\ntls_key = "%s"' % certificate(folder)
        with Callfirst(hop, smtp=tls) as service:
            failed = script("smtp_conformance.py", "127.0.0.1", service.smtp, "--sink",
                            "127.0.0.1:%d" % hop, "--pid", service.pid, "--held-text", HELD_TEXT,
                            "--stranger", "127.0.0.2", "--skip", "idle_timeout")
    # Patience that short would disturb the other checks.
    with Callfirst(hop, smtp='command_timeout = "2s"') as service:
        return script("smtp_conformance.py", "127.0.0.1", service.smtp, "--sink",
                      "127.0.0.1:%d" % hop, "--only", "idle_timeout", "--idle-timeout",
                      2) or failed


def corpus(*folders):
    (hop,) = free_ports(1)
    with Callfirst(hop) as service:
        return script("corpus_replay.py", "127.0.0.1", service.smtp, *folders, "--sink",
                      "127.0.0.1:%d" % hop, "--pid", service.pid)


# One mail may take this long in the dev profile, and all of them this much memory.
MAX_JUDGE_SECS = 10
MAX_RESIDENT_MB = 512


def judged(*folders):
    """Every mail gets one verdict; no panic, no mail that takes its time."""
    count = sum(f.lower().endswith(".eml") for top in folders for _, _, files in os.walk(top)
                for f in files)
    service = Callfirst(9, policies=ROOT / "policies")
    try:
        done = service.command("replay", "--json", *folders, check=False, limit_secs=600)
    finally:
        service.__exit__(None, None, None)
    lines = [json.loads(l) for l in done.stdout.splitlines() if l.startswith("{")]
    verdicts = [v for v in lines if "verdict" in v]
    slowest = max(verdicts, key=lambda v: v["elapsed_us"], default={"elapsed_us": 0})
    resident_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("%d files, %d verdicts, slowest %.2f s (%s), at most %.0f MB" % (
        count, len(verdicts), slowest["elapsed_us"] / 1e6, slowest.get("source"), resident_mb))
    faults = [said for said, wrong in (
        ("exit status %d: %s" % (done.returncode, done.stderr[-1000:]), done.returncode > 1),
        ("files without a verdict", count == 0 or len(verdicts) < count),
        ("a panic: " + done.stderr[-1000:], "panicked" in done.stderr),
        ("too slow", slowest["elapsed_us"] > MAX_JUDGE_SECS * 1_000_000),
        ("too much memory", resident_mb > MAX_RESIDENT_MB)) if wrong]
    for said in faults:
        print("FAIL " + said)
    return 1 if faults else 0


@contextlib.contextmanager
def store(kind):
    if kind == "postgres":
        with Postgres() as server:
            yield server.database("crash")
    else:
        yield kind


def crash(kind="sqlite", mails="600"):
    (hop,) = free_ports(1)
    with contextlib.ExitStack() as end:
        url = end.enter_context(store(kind))
        service = end.enter_context(Callfirst(hop, store=url))
        nodes = [service]
        if kind == "postgres" and not support.STAND_IN:
            nodes.append(end.enter_context(Callfirst(
                hop, store=url, node="two", key_file=service.dir / "callfirst.key")))
        command = "%s %s" % (sys.executable, HERE / "support.py")
        # Restarting takes a second or two in the dev profile; the gap leaves time to work.
        words = ["127.0.0.1", service.smtp, "--sink", "127.0.0.1:%d" % hop, "--n", mails,
                 "--rate", "60", "--gap", "0.6,2.0", "--crash-cmd",
                 " ".join([command, "crash", *[str(n.dir) for n in nodes]]), "--held-text", HELD_TEXT,
                 "--held-percent", "30", "--list-held-cmd",
                 "%s holds %s" % (command, service.dir), "--sink-4xx", "3", "--sink-drop", "3",
                 "--sink-down", "2"]
        for other in nodes[1:]:
            words += ["--also-port", other.smtp]
        if not support.STAND_IN:
            # A notice that was leased when the process was killed waits for its lease to end.
            words += ["--expect-notices", "--drain", "300"]
        failed = script("crash_accounting.py", *words)
        if failed:
            print(service.log())
        return failed


def fsync(kind="sqlite"):
    (hop,) = free_ports(1)
    with Callfirst(hop, store=kind) as service:
        return script("fsync_order.py", "127.0.0.1", service.smtp, "--pid", service.pid, "--dir",
                      service.data, "--text", HELD_TEXT, "--sink", "127.0.0.1:%d" % hop)


def mail(number, subject, text, quoted=""):
    """A plain mail, its lines short enough for anybody."""
    lines = ["From: Dana Reyes <dana@example.org>", "To: Ann Hall <ann@customer.test>",
             "Message-ID: <policy-%s@example.org>" % number,
             "Date: Mon, 02 Nov 2026 09:00:00 +0000",
             "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
             "Content-Transfer-Encoding: 8bit"]
    head = "\r\n".join(lines).encode() + b"\r\nSubject: " + subject.encode() + b"\r\n\r\n"
    body = text.strip().splitlines()
    if quoted:
        body += ["", "On Fri, 30 Oct 2026 at 10:12, Ann Hall <ann@customer.test> wrote:", ""]
        body += ["> " + line for line in quoted.strip().splitlines()]
    return head + "\r\n".join(body).encode() + b"\r\n"


def policies():
    """The words of a policy's own test are held on the wire; quoted in a reply they are not."""
    failed = done = 0
    with Sink() as sink, Callfirst(sink.port, policies=ROOT / "policies") as service:
        held = {}
        for path in sorted((ROOT / "policies").glob("*.toml")):
            policy = tomllib.loads(path.read_text())
            if "id" not in policy:
                continue                     # what all policies share
            # Plain tests only: those that set senders or threads are run by `callfirst test`.
            plain = [t for t in policy.get("test", []) if t.get("expect") == "hold"
                     and not {"from", "to", "quoted", "attached"} & set(t)]
            for n, test in enumerate(plain):
                number = "%s-%d" % (policy["id"], n)
                held[number] = test["name"]
                subject = test.get("subject", "Your enquiry")
                send(service.smtp, "dana@example.org", ["ann@customer.test"],
                     mail(number, subject, test["text"]))
                send(service.smtp, "dana@example.org", ["ann@customer.test"],
                     mail(number + "-quoted", "Re: Your message",
                          "Thank you, I have put this into your file.", test["text"]))
        if not held:
            print("FAIL no policy has a test that must hold")
            return 1
        seen = {h["message_id"].strip("<>").removesuffix("@example.org") for h in service.holds()}
        for number, name in held.items():
            done += 2
            if "policy-" + number not in seen:
                failed += 1
                print("FAIL %s: not held: %s" % (number, name))
            if "policy-%s-quoted" % number in seen:
                failed += 1
                print("FAIL %s: held although only quoted: %s" % (number, name))
    print("%d mails through SMTP, %d wrong" % (done, failed))
    return 1 if failed else 0


class Trouble:
    """Sends mail that is held and mail that passes, before, in and after the store's trouble."""

    def __init__(self, service, sink):
        self.service, self.sink = service, sink
        self.count, self.acknowledged, self.faults = 0, [], []

    def _send(self, text):
        self.count += 1
        number = "trouble-%d" % self.count
        # Large enough to need room of its own in the store.
        text += "\n" + "\n".join(["all sorts of other words on this line"] * 8000)
        try:
            _, (code, said) = send(self.service.smtp, "dana@example.org", ["ann@customer.test"],
                                   mail(number, "Trouble", text))
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, said),) = refused.recipients.values()
        except smtplib.SMTPException as broken:
            code, said = 0, str(broken).encode()
        return "policy-" + number, code, said.decode("utf-8", "replace")

    def _expect(self, right, what):
        print("%s %s" % ("PASS" if right else "FAIL", what), flush=True)
        if not right:
            self.faults.append(what)

    def held(self, when):
        """A mail that must be held is acknowledged; tried again as a mail server does."""
        def attempt():
            name, code, _ = self._send(HELD_TEXT)
            if code == 250:
                self.acknowledged.append(name)
            return code == 250
        try:
            wait_for(attempt, 60, "a hold")
            self._expect(True, "%s: a mail is held" % when)
        except TimeoutError:
            self._expect(False, "%s: a mail is held" % when)

    def refused_for_now(self, when, wanted, within_secs):
        began = time.monotonic()
        _, code, said = self._send(HELD_TEXT)
        took = time.monotonic() - began
        reply = "%d %s" % (code, said)
        self._expect(reply.startswith(wanted) and took < within_secs,
                     "%s: a mail that must be held is answered %s within %d s (%s, %.1f s)"
                     % (when, wanted, within_secs, reply, took))

    def tells(self, when, words):
        self._expect(words in self.service.log(1 << 20), "%s: the log tells: %s" % (when, words))

    def passes(self, when):
        name, code, said = self._send("Your order is ready.")
        self._expect(code == 250 and self.sink.find(name),
                     "%s: other mail goes on (%d %s)" % (when, code, said))

    def accounted(self):
        """What was acknowledged is held, and nothing of it reached its recipient."""
        ids = {h["message_id"].strip("<>").removesuffix("@example.org")
               for h in self.service.holds()}
        self._expect(set(self.acknowledged) <= ids, "what was acknowledged is held")
        leaked = [n for n in self.acknowledged if self.sink.find(n, to="ann@customer.test")]
        self._expect(not leaked, "nothing that is held went out")
        return 1 if self.faults else 0


def fill(folder):
    """Leaves no octet free; gives the file that takes the room."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as f:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while f.write(bytes(size)):
                    pass
            except OSError:
                continue
    return filler


def disk_full():
    with contextlib.ExitStack() as end:
        sink = end.enter_context(Sink())
        service = Callfirst(sink.port)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs",
                                  str(service.data)], capture_output=True, text=True)
        if mounted.returncode:
            print("SKIPPED: no file system can be mounted here: " + mounted.stderr.strip())
            return SKIP
        end.callback(shutil.rmtree, service.dir, ignore_errors=True)
        end.callback(subprocess.run, ["umount", str(service.data)])
        end.enter_context(service)
        trouble = Trouble(service, sink)
        trouble.held("before")
        filler = fill(service.data)
        trouble.refused_for_now("disk full", "452 4.3.1", 5)
        trouble.passes("disk full")
        filler.unlink()
        trouble.held("after")
        trouble.passes("after")
        return trouble.accounted()


def store_down():
    with Sink() as sink, Postgres() as server, Callfirst(
            sink.port, store=server.database("down")) as service:
        trouble = Trouble(service, sink)
        trouble.held("before")
        server.stop()
        trouble.refused_for_now("store down", "451 4.3.0", 30)
        trouble.tells("store down", "did not say whether it is a new text")
        trouble.passes("store down")
        server.start()
        trouble.held("after")
        trouble.passes("after")
        return trouble.accounted()


def stop():
    """A reload with a bad file is told and changes nothing; SIGTERM ends with 0, and a mail that
    is under way is either taken or left with its sender."""
    with Sink() as sink, Callfirst(sink.port) as service:
        faults = 0

        def expect(right, what):
            nonlocal faults
            faults += not right
            print("%s %s" % ("PASS" if right else "FAIL", what), flush=True)

        good, log = service.config.read_text(), service.dir / "log"
        # Before the file is written: the watcher may tell of it as soon as it is.
        said = log.stat().st_size
        service.config.write_text(good + '\n[nonsense]\nkey = "x"\n')
        os.kill(service.pid, signal.SIGHUP)
        wait_for(lambda: log.stat().st_size > said, 10, "a word in the log about the reload")
        send(service.smtp, "a@example.org", ["b@conf.test"], mail("reload", "Here", "Hello."))
        expect(sink.find("policy-reload"), "a bad file at SIGHUP changes nothing")
        service.config.write_text(good)

        data = mail("drain", "Under way", "Hello.")
        with contextlib.closing(socket.create_connection(("127.0.0.1", service.smtp), 60)) as s:
            replies = s.makefile("rb")

            def reply():
                while line := replies.readline():
                    if line[3:4] != b"-":
                        return int(line[:3])
                return 0

            reply()
            for command in (b"EHLO client.test", b"MAIL FROM:<a@example.org>",
                            b"RCPT TO:<b@conf.test>", b"DATA"):
                s.sendall(command + b"\r\n")
                code = reply()
            expect(code == 354, "a mail is under way")
            s.sendall(data[:100])
            service.child.send_signal(signal.SIGTERM)
            wait_for(lambda: not greets(service.smtp), 20, "no new sessions after SIGTERM")
            try:
                s.sendall(data[100:] + b".\r\n")
                code = reply()
            except OSError:
                code = 0
        taken = bool(sink.find("policy-drain"))
        expect((code == 250) == taken and code != 0,
               "the mail under way was answered %d and %s" % (code, "taken" if taken else "left"))
        code = service.child.wait(60)
        expect(code == 0, "SIGTERM ends with 0 (%d)" % code)
        return 1 if faults else 0


def crash_release(kind="sqlite", seed=None):
    return release.run(kind, seed)


def after_call():
    return after.run()


def reload():
    return reloading.run()


def rollout():
    return rolled.run()


def attachments():
    return attached.main()


def secrets():
    return secrets_kept.run()


def directory():
    return people.run()


def ldap():
    return ldap_directory.run()


def second_reader():
    return second.run()


def by_mail():
    return answered.run()


STEPS = {f.__name__.replace("_", "-"): f
         for f in (conformance, corpus, judged, crash, crash_release, fsync, policies, disk_full,
                   store_down, after_call, reload, rollout, attachments, secrets, directory, ldap,
                   second_reader, by_mail, stop)}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in STEPS:
        print(__doc__, file=sys.stderr)
        return 2
    return STEPS[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
