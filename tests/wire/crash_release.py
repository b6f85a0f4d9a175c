#!/usr/bin/env python3
"""crash_release.py - kill -9 between the steps of a release.

60 holds are released at the command line while the service is killed again and again: at random,
and in the very moment in which the next hop has taken a mail. Each must reach the next hop at
least once, byte for byte, and end as delivered; a second copy is right only if the process was
killed after the first one and before it could say so. On PostgreSQL two nodes share the store,
and either is killed.

Loopback only. Python 3.11, standard library only.
"""
import collections
import contextlib
import random
import threading
import time

import support
from sink import Sink, send
from support import HELD_TEXT, Callfirst, Postgres, greets, wait_for

HOLDS = 60
# The next hop's 250 and our mark lie less than this apart, on a busy machine too.
WINDOW_SECS = 3.0
# We strike in that very moment after so many deliveries, at random between the two. Sixteen run
# side by side, and each that is cut off there comes again, so at least two strikes are certain.
BETWEEN_STRIKES = (6, 20)


def mail(token):
    head = ("From: Dana Reyes <dana@example.org>\r\nTo: Ann Hall <%s@customer.test>\r\n"
            "Message-ID: <%s@example.org>\r\nSubject: Your parcel\r\n\r\n" % (token, token))
    return (head + HELD_TEXT + "\r\n").encode()


class Crashes:
    """Kills nodes, starts them again, and remembers when."""

    def __init__(self, nodes, seed):
        self.nodes, self.random, self.lock = nodes, random.Random(seed), threading.Lock()
        self.times, self.after_250, self.enough = [], 0, threading.Event()
        self.until_strike, self.counting = self.random.randint(*BETWEEN_STRIKES), threading.Lock()

    def kill(self, node):
        with self.lock:
            if self.enough.is_set():
                return
            support.kill(node.dir)
            self.times.append(time.monotonic())
            node.child.wait()
            node.child = support.start(node.dir)
        wait_for(lambda: greets(node.smtp), 60, "the greeting after a crash")

    def taken(self, mail):
        """The next hop has just said 250."""
        if mail.sender and not self.enough.is_set() and self.is_time():
            # All nodes: the sink does not know which one it talks to.
            for node in self.nodes:
                self.kill(node)

    def is_time(self):
        with self.counting:
            self.until_strike -= 1
            if self.until_strike > 0:
                return False
            self.until_strike = self.random.randint(*BETWEEN_STRIKES)
            self.after_250 += 1
            return True

    def at_random(self):
        while not self.enough.wait(self.random.uniform(0.2, 1.5)):
            self.kill(self.random.choice(self.nodes))


def release_all(service, held, crashes):
    crasher = threading.Thread(target=crashes.at_random, daemon=True)
    crasher.start()
    refused = []
    for n, hold in enumerate(held):
        if n % 8 == 7:
            # What was released before is on its way now.
            crashes.kill(crashes.random.choice(crashes.nodes))
        done = service.command("holds", "release", hold["id"], check=False)
        if done.returncode:
            refused.append(done.stderr.strip()[-300:])
    # It goes on until most is through, so that it strikes the deliveries too.
    through = lambda: sum(h["state"] == "delivered" for h in service.holds())
    with contextlib.suppress(TimeoutError):
        wait_for(lambda: through() > HOLDS * 0.8, 45)
    crashes.enough.set()
    crasher.join(60)
    return refused


def run(kind="sqlite", seed=None):
    seed = int(seed or time.time())
    with contextlib.ExitStack() as end:
        crashes = Crashes([], seed)
        sink = end.enter_context(Sink(after=crashes.taken))
        names, store, key_file = ["one"], "sqlite", None
        if kind == "postgres":
            store = end.enter_context(Postgres()).database("release")
            names = ["one", "two"]
        for name in names:
            node = end.enter_context(Callfirst(sink.port, store=store, node=name,
                                               key_file=key_file))
            key_file = key_file or node.dir / "callfirst.key"
            crashes.nodes.append(node)
        service = crashes.nodes[0]
        tokens = ["release-%d-%d" % (seed, n) for n in range(HOLDS)]
        for n, token in enumerate(tokens):
            send(crashes.nodes[n % len(names)].smtp, "dana@example.org",
                 [token + "@customer.test"], mail(token))
        held = service.holds()
        refused = release_all(service, held, crashes)
        with contextlib.suppress(TimeoutError):
            wait_for(lambda: all(h["state"] == "delivered" for h in service.holds()), 60)
        time.sleep(1)                                # stragglers make second copies visible
        states = collections.Counter(h["state"] for h in service.holds())
        return judge(sink, crashes, tokens, states, refused, seed)


def judge(sink, crashes, tokens, states, refused, seed):
    copies = {t: sink.find(t, to=t + "@customer.test") for t in tokens}
    lost = [t for t, all_of_it in copies.items() if not all_of_it]
    damaged = [t for t, all_of_it in copies.items()
               if any(not m.data.endswith(mail(t)) for m in all_of_it)]
    second, unexplained = 0, []
    for token, all_of_it in copies.items():
        for before, after in zip(all_of_it, all_of_it[1:]):
            second += 1
            if not any(before.at <= k <= min(after.at, before.at + WINDOW_SECS)
                       for k in crashes.times):
                unexplained.append(token)
    print("seed %d: %d holds, %d crashes (%d after the next hop's 250), %d second copies; states %s"
          % (seed, len(tokens), len(crashes.times), crashes.after_250, second, dict(states)))
    faults = [what for what, wrong in (
        ("lost: %s" % lost, lost), ("damaged: %s" % damaged, damaged),
        ("second copies without a crash between: %s" % unexplained, unexplained),
        ("not all are delivered", states != {"delivered": len(tokens)}),
        ("refused at the command line: %s" % refused, refused),
        ("too few crashes", len(crashes.times) < 5 or not crashes.after_250)) if wrong]
    for what in faults:
        print("FAIL " + what)
    return 1 if faults else 0
