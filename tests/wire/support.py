#!/usr/bin/env python3
"""support.py - starts callfirst for the tests on the wire, kills it, and asks it what it holds.

As a module: `Callfirst(next_hop=PORT)` is a service with its own configuration, policies,
store and ports below one temporary directory; `Postgres()` is a private database server.

As a command, for the scripts that take shell commands:
    support.py crash DIR...  kill -9 one of them and start it again; returns once that was ordered
    support.py holds DIR     `callfirst holds list --json`, a line a hold
    support.py with-postgres COMMAND...
                             runs the command while a private PostgreSQL server is up, its URL
                             in CALLFIRST_TEST_POSTGRES

CALLFIRST_BIN names the binary (default: target/debug/callfirst). With CALLFIRST_STAND_IN=1
the reference proxy selftest_proxy.py stands in for it: SMTP and holds only. So the tests
themselves can be tried without the product.

Loopback only. Python 3.11, standard library only.
"""
import json
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import string
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BINARY = pathlib.Path(os.environ.get("CALLFIRST_BIN", ROOT / "target/debug/callfirst"))
STAND_IN = os.environ.get("CALLFIRST_STAND_IN") == "1"
# What policies/ledge.toml holds for the recipients outside only.
SPLIT_TEXT = "CALLFIRST-SPLIT-ME: leave that parcel upon the ledge tonight."
# The policy in policies/shelf.toml holds this; the stand-in looks for the first word.
HELD_TEXT = "CALLFIRST-HOLD-ME: keep this parcel upon the shelf today."

# Ended from outside, we still kill what we started: `with` blocks are left by an exception.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def free_ports(n):
    """Ports of the loopback interface that nobody listens on; all different."""
    held = [socket.socket() for _ in range(n)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def wait_for(what, limit_secs=30, said=""):
    """Polls until what() is true and gives its value; raises TimeoutError with `said`."""
    end = time.monotonic() + limit_secs
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError("waited %d s for %s" % (limit_secs, said or what))
        time.sleep(0.05)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def greets(port):
    """Whether an SMTP server answers there with its greeting."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as s:
            return s.recv(3) == b"220"
    except OSError:
        return False


def certificate(folder, name="callfirst.test"):
    """Makes a self-signed certificate and its key there; gives both paths."""
    folder = pathlib.Path(folder)
    pair = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=" + name,
                    "-addext", "subjectAltName=DNS:" + name, "-keyout", str(pair[1]), "-out",
                    str(pair[0])], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return pair


class Callfirst:
    """One service in its own directory. Use as a context manager: it is killed at the end."""

    def __init__(self, next_hop, store="sqlite", mode="enforce", policies=None, binary=BINARY,
                 domains=("example.org",), smtp="", log="", node="one", key_file=None,
                 environment=None, more=""):
        """`smtp` and `log` are more lines of those sections, `more` more sections; nodes of one store share its `key_file`."""
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="callfirst-test-"))
        self.dir.chmod(0o700)
        self.next_hop = next_hop
        self.smtp, self.lmtp, self.web = free_ports(3)
        self.binary = binary
        self.data = self.dir / "data"
        self.data.mkdir(mode=0o700)
        if store == "sqlite":
            store = "sqlite:%s/callfirst.db" % self.data
        names = {"smtp": self.smtp, "lmtp": self.lmtp, "web": self.web, "next_hop": next_hop,
                 "store": store, "smtp_more": smtp, "log": log, "node": node, "more": more,
                 "store_more": 'key_file = "%s"' % key_file if key_file else ""}
        text = string.Template((HERE / "callfirst.toml").read_text()).substitute(names)
        text = text.replace('mode = "enforce"', 'mode = "%s"' % mode)
        text = text.replace('["example.org"]', json.dumps(list(domains)))
        self.config = self.dir / "callfirst.toml"
        self.config.write_text(text)
        self.config.chmod(0o600)
        shutil.copytree(policies or HERE / "policies", self.dir / "policies")
        (self.dir / "state.json").write_text(json.dumps(
            {"binary": str(binary), "smtp": self.smtp, "next_hop": next_hop,
             "environment": environment or {}}))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failed):
        kill(self.dir)
        if failed[0] and os.environ.get("CALLFIRST_KEEP") == "1":
            print("kept: %s" % self.dir)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def start(self):
        self.child = start(self.dir)
        try:
            wait_for(lambda: gone(self.dir) or greets(self.smtp), 60, "callfirst's greeting")
        except TimeoutError as late:
            raise RuntimeError("%s\n%s" % (late, self.log())) from None
        if gone(self.dir):
            raise RuntimeError("callfirst ended at once:\n" + self.log())

    @property
    def pid(self):
        return int((self.dir / "pid").read_text())

    def log(self, octets=4000):
        try:
            return (self.dir / "log").read_text(errors="replace")[-octets:]
        except OSError:
            return ""

    def stop(self):
        """SIGTERM and the exit status; -9 if it does not end within 30 s."""
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.child.kill()
            return self.child.wait()

    def command(self, *words, check=True, limit_secs=120):
        """Runs `callfirst WORDS -c FILE` and gives the finished process."""
        return subprocess.run([str(self.binary), *words, "-c", str(self.config)], check=check,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=limit_secs)

    def holds(self):
        return holds(self.dir)

    def get(self, path):
        with urllib.request.urlopen("http://127.0.0.1:%d%s" % (self.web, path), timeout=10) as r:
            return r.read().decode()


def start(directory):
    """Starts the service of this directory in its own session; does not wait for it."""
    directory = pathlib.Path(directory)
    state = json.loads((directory / "state.json").read_text())
    if STAND_IN:
        command = [sys.executable, str(HERE / "selftest_proxy.py"), str(state["smtp"]),
                   str(state["next_hop"]), "--hold-dir", str(directory / "data")]
    else:
        command = [state["binary"], "serve", "-c", str(directory / "callfirst.toml")]
    with open(directory / "log", "ab") as log:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 cwd=directory, start_new_session=True,
                                 env={**os.environ, **state.get("environment", {})})
    (directory / "pid").write_text(str(child.pid))
    return child


def gone(directory):
    """Whether the service has ended: a zombie has, once its last thread has."""
    try:
        process = pathlib.Path("/proc", (pathlib.Path(directory) / "pid").read_text())
        state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        return state == "Z" and len(list((process / "task").iterdir())) <= 1
    except OSError:
        return True


def kill(directory):
    if not gone(directory):
        os.kill(int((pathlib.Path(directory) / "pid").read_text()), signal.SIGKILL)
        wait_for(lambda: gone(directory), 10, "the end after SIGKILL")


def holds(directory):
    """What is held, as the objects of `holds list --json`; from a stand-in only the mail."""
    directory = pathlib.Path(directory)
    if STAND_IN:
        held = []
        for f in (directory / "data").glob("h*"):
            head = f.read_text("latin-1").partition("\r\n\r\n")[0]
            ids = [l for l in head.splitlines() if l.lower().startswith("message-id:")]
            held.append({"id": f.name, "state": "held",
                         "message_id": " ".join(ids).partition(":")[2].strip()})
        return held
    state = json.loads((directory / "state.json").read_text())
    command = [state["binary"], "holds", "list", "-c", str(directory / "callfirst.toml"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError("holds list ended with %d: %s" % (done.returncode, done.stderr[-500:]))
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


class Postgres:
    """A private PostgreSQL server below a temporary directory, on a port of its own."""

    def __init__(self):
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        on_path = shutil.which("initdb")
        if not found and not on_path:
            raise FileNotFoundError("postgresql is not installed")
        self.bin = found[-1].parent if found else pathlib.Path(on_path).parent
        self.port = free_ports(1)[0]
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="callfirst-pg-"))
        # The server refuses to run as root; Debian's package brings this user.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.user:
            os.chown(self.dir, self.user.pw_uid, self.user.pw_gid)

    def _run(self, *words):
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        subprocess.run([str(w) for w in words], check=True, cwd=self.dir, timeout=120,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       **(as_user if self.user else {}))

    def __enter__(self):
        self._run(self.bin / "initdb", "-D", self.dir / "data", "-U", "callfirst", "-A", "trust",
                  "--encoding=UTF8", "--locale=C.UTF-8")
        self.start()
        return self

    def start(self):
        # Durability stays on: it is part of what is tested.
        options = ("-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories=%s"
                   % (self.port, self.dir))
        self._run(self.bin / "pg_ctl", "-D", self.dir / "data", "-l", self.dir / "log", "-w",
                  "-o", options, "start")

    def stop(self):
        """Without a farewell, as after a crash."""
        self._run(self.bin / "pg_ctl", "-D", self.dir / "data", "-m", "immediate", "stop")

    def __exit__(self, *_):
        if (self.dir / "data/postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def database(self, name):
        """Makes an empty database and gives its URL."""
        self._run(self.bin / "createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "callfirst",
                  name)
        return "postgres://callfirst@127.0.0.1:%d/%s" % (self.port, name)


def with_postgres(command):
    with Postgres() as server:
        url = server.database("tests")
        environment = {**os.environ, "CALLFIRST_TEST_POSTGRES": url}
        return subprocess.run(command, env=environment).returncode


def main():
    if len(sys.argv) > 2 and sys.argv[1] == "with-postgres":
        return with_postgres(sys.argv[2:])
    if len(sys.argv) < 3 or sys.argv[1] not in ("crash", "holds"):
        print(__doc__, file=sys.stderr)
        return 2
    directory = random.choice(sys.argv[2:])
    if sys.argv[1] == "crash":
        kill(directory)
        start(directory)
    else:
        for hold in holds(directory):
            print(json.dumps(hold))
    return 0


if __name__ == "__main__":
    sys.exit(main())
