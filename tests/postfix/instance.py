"""instance.py - a private Postfix made of the files in examples/postfix.

Own configuration, queue and log below one temporary directory, loopback only, nothing chrooted,
the system's own Postfix untouched. Needs root. Python 3.11, standard library only.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "wire"))
from support import ROOT, free_ports, greets, wait_for  # noqa: E402

# What is no part of the example: where this instance lies and where mail goes at last.
MAIN = """\
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {dir}/log/mail.log
maillog_file_prefixes = {dir}/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mta.example.org
mydestination =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
notify_classes =
in_flow_delay = 0
minimal_backoff_time = 300s
"""

MASTER = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """The set-up of that name; its doors are `door` (clients), `outside` (strangers, without the
    filter) and `reinject`."""

    def __init__(self, setup, sink_port):
        self.example = ROOT / "examples/postfix" / setup
        self.sink_port = sink_port
        self.door, self.outside, self.reinject = free_ports(3)
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="callfirst-postfix-"))
        self.refusals = self.dir / "refusals"
        self.late_refusals = self.dir / "late-refusals"

    def configure(self, smtp_port, lmtp_port):
        """Writes main.cf and master.cf for a callfirst at these ports."""
        self.dir.chmod(0o755)
        for name in ("queue", "data", "log", "etc"):
            (self.dir / name).mkdir()
        shutil.chown(self.dir / "data", "postfix", "postfix")
        main = MAIN.format(dir=self.dir, sink=self.sink_port)
        (self.dir / "etc/main.cf").write_text(main + (self.example / "main.cf").read_text())
        if self.example.name == "after-queue-lmtp":
            self.route_replies(lmtp_port)
        master = (self.example / "master.cf").read_text()
        master += "127.0.0.1:%d inet n - n - - smtpd\n" % self.outside
        master = re.sub(r"(?m)^submission ", "127.0.0.1:%d " % self.door, master)
        for documented, used in ((10024, lmtp_port), (10025, smtp_port), (10026, self.reinject)):
            master = re.sub(r":%d\b" % documented, ":%d" % used, master)
        (self.dir / "etc/master.cf").write_text(MASTER + master)
        # The next hop of these tests refuses by name; each session reads the lists afresh.
        self.refuse(busy=True)
        self.late_refusals.write_text("/^late-/ 554 5.7.1 refused at the end of data\n")
        self.run("postconf", "-P", "127.0.0.1:%d/inet/local_header_rewrite_clients="
                 "permit_inet_interfaces" % self.door)
        self.run("postconf", "-P", "127.0.0.1:%d/inet/local_header_rewrite_clients="
                 % self.outside)
        service = "127.0.0.1:%d/inet/" % self.reinject
        for option in (
                "smtpd_recipient_restrictions=check_recipient_access,regexp:%s,permit_mynetworks,"
                "reject" % self.refusals,
                "smtpd_end_of_data_restrictions=check_recipient_access,regexp:%s"
                % self.late_refusals,
                "max_use=1"):
            self.run("postconf", "-P", service + option)

    def route_replies(self, lmtp_port):
        """The files of examples/postfix/replies. Nobody logs in here: whoever comes to the
        clients' door is taken for somebody who has."""
        example = ROOT / "examples/postfix/replies"
        table = (example / "callfirst-replies").read_text().replace(":10024", ":%d" % lmtp_port)
        table = table.replace("northwind-hvac\\.example", "example\\.org")
        (self.dir / "etc/callfirst-replies").write_text(table)
        main = (example / "main.cf").read_text().replace("/etc/postfix/", "%s/etc/" % self.dir)
        with open(self.dir / "etc/main.cf", "a") as out:
            out.write(main)

    def refuse(self, busy):
        """Which recipients the next hop refuses from now on."""
        rules = "/^no-such-/ 550 5.1.1 nobody of this name here\n"
        self.refusals.write_text(rules + ("/^busy-/ 450 4.2.1 mailbox busy\n" if busy else ""))

    def run(self, program, *words):
        return subprocess.run([program, "-c", str(self.dir / "etc"), *words], check=True,
                              capture_output=True, text=True, timeout=60).stdout

    def start(self):
        self.run("postfix", "start")
        for port in (self.door, self.reinject):
            wait_for(lambda p=port: greets(p), 20, "Postfix's greeting")

    def flush(self):
        """Everything that was deferred is tried now."""
        self.run("postqueue", "-f")

    def deferred(self):
        return sum(1 for f in (self.dir / "queue/deferred").rglob("*") if f.is_file())

    def log(self, lines=40):
        try:
            return "".join((self.dir / "log/mail.log").read_text().splitlines(True)[-lines:])
        except OSError:
            return ""

    def stop(self):
        subprocess.run(["postfix", "-c", str(self.dir / "etc"), "stop"], capture_output=True,
                       timeout=60)
        pid = self.dir / "queue/pid/master.pid"
        end = time.monotonic() + 10
        while pid.exists() and pid.read_text().strip() and time.monotonic() < end:
            if not pathlib.Path("/proc", pid.read_text().strip()).exists():
                break
            time.sleep(0.1)
        shutil.rmtree(self.dir, ignore_errors=True)
