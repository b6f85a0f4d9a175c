"""ldap_directory.py - mail to be held, a real OpenLDAP, and the way through SMTP.

The directory is asked under StartTLS and under ldaps, lets nobody bind in clear, and is then stopped,
taken away, and given another password. Whatever becomes of it, each mail is held in time. Mail that
passes is never asked about; nothing that was found reaches log or metrics at level trace.

Loopback only. Python 3.11, standard library only.
"""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import pathlib

from directory import SLACK_SECS, held, mail
from scripted import Check
from sink import Sink, send
from support import HELD_TEXT, Callfirst, free_ports, listens, wait_for

TIMEOUT_SECS = 1
BASE = "dc=customer,dc=test"
PASSWORD = "ldap canary 0815"

CERTIFICATE = """[req]
distinguished_name = name
x509_extensions = leaf
prompt = no
[name]
CN = localhost
[leaf]
basicConstraints = critical,CA:FALSE
subjectAltName = DNS:localhost
"""

SLAPD = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile %(dir)s/slapd.pid
TLSCertificateFile %(dir)s/cert.pem
TLSCertificateKeyFile %(dir)s/key.pem
security simple_bind=128
database mdb
suffix "%(base)s"
rootdn "cn=callfirst,%(base)s"
rootpw "%(password)s"
directory %(dir)s/data
access to * by * none
"""

# One person with many addresses, one with a fax only, and two with one address.
PEOPLE = """dn: {base}
objectClass: dcObject
objectClass: organization
dc: customer
o: Customer

dn: cn=Susan,{base}
objectClass: inetOrgPerson
cn: Susan Canary
cn: Susan
sn: Canary
{mails}
title: Head of Purchasing
o: Canary & Sons
telephoneNumber: 020 7946 0821
facsimileTelephoneNumber: 020 7946 0899
homePhone: 020 7946 0898
preferredLanguage: en-GB

dn: cn=Fax,{base}
objectClass: inetOrgPerson
cn: Fax Canary
sn: Canary
mail: buyer.50@customer.test
facsimileTelephoneNumber: 020 7946 0897

dn: cn=Two,{base}
objectClass: inetOrgPerson
cn: Kim Canary
sn: Canary
mail: buyer.51@customer.test
telephoneNumber: 020 7946 0896

dn: cn=Also Two,{base}
objectClass: inetOrgPerson
cn: Lou Canary
sn: Canary
mail: buyer.51@customer.test
telephoneNumber: 020 7946 0895
"""


class Slapd:
    """A private OpenLDAP; `start` and `stop` at will. Use as a context manager."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="callfirst-slapd-"))
        self.port, self.tls_port = free_ports(2)
        (self.dir / "data").mkdir()
        (self.dir / "openssl.conf").write_text(CERTIFICATE)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-config",
                        self.dir / "openssl.conf", "-keyout", self.dir / "key.pem", "-out",
                        self.dir / "cert.pem"], check=True, capture_output=True)
        self.configure(PASSWORD)
        mails = "\n".join("mail: buyer.%d@customer.test" % n for n in range(50))
        people = PEOPLE.format(base=BASE, mails=mails)
        subprocess.run([tool("slapadd"), "-f", self.dir / "slapd.conf"], check=True,
                       input=people.encode(), capture_output=True)
        self.child = None

    def configure(self, password):
        (self.dir / "slapd.conf").write_text(
            SLAPD % {"dir": self.dir, "base": BASE, "password": password})

    def start(self):
        urls = "ldap://127.0.0.1:%d ldaps://127.0.0.1:%d" % (self.port, self.tls_port)
        with open(self.dir / "log", "ab") as log:
            self.child = subprocess.Popen(
                [tool("slapd"), "-f", self.dir / "slapd.conf", "-h", urls, "-d", "stats"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        wait_for(lambda: listens(self.port) and listens(self.tls_port), 20, "slapd")

    def stop(self):
        if self.child:
            self.child.terminate()
            self.child.wait(20)
            self.child = None

    @contextlib.contextmanager
    def frozen(self):
        """Connections are taken, and nothing is answered."""
        self.child.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.child.send_signal(signal.SIGCONT)

    def log(self):
        return (self.dir / "log").read_text(errors="replace")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failed):
        if failed[0]:
            print(self.log()[-4000:])
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


def tool(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")


def configured(directory, hop, url, ca=True):
    service = Callfirst(hop, environment={"CALLFIRST_LOG": "trace"}, more=(
        '[directory]\nfile = "people.csv"\ncountry = "GB"\n[directory.ldap]\nurl = "%s"\n'
        'bind_dn = "cn=callfirst,%s"\npassword_file = "ldap.password"\nbase_dn = "%s"\n'
        'timeout = "%ds"\n%s' % (url, BASE, BASE, TIMEOUT_SECS,
                                 'ca_file = "%s/cert.pem"\n' % directory.dir if ca else "")))
    (service.dir / "people.csv").write_text("address,phone\n*@customer.test,+44 20 7946 0800\n")
    (service.dir / "ldap.password").write_text(PASSWORD + "\n")
    (service.dir / "ldap.password").chmod(0o600)
    return service


def explained(service, number):
    """What `explain --json` says about the call."""
    to = "buyer.%d@customer.test" % number
    (service.dir / "mail.eml").write_bytes(mail(HELD_TEXT, to, number))
    done = service.command("explain", "--json", str(service.dir / "mail.eml"), check=False)
    return json.loads(done.stdout)["call"]


def counted(service, outcome):
    return 'directory_asked_total{outcome="%s",source="ldap"}' % outcome in service.get("/metrics")


def asked_well(check, directory, service, sink):
    notice, _ = held(service, sink, 0)
    for word in ("Susan Canary", "Head of Purchasing, Canary & Sons", "020 7946 0821",
                 "your directory", "020 7946 0800"):
        check(word in notice, "the notice says “%s”" % word)
    check("7946 089" not in notice, "and neither the fax nor the telephone at home")
    log = directory.log()
    check("STARTTLS" in log and "TLS established" in log, "it was asked under StartTLS")
    check(log.count(" UNBIND") == log.count(" BIND dn=") / 2 == 1, "and told good-bye")
    before = directory.log().count("SRCH")
    send(service.smtp, "dana@example.org", ["ann@customer.test"],
         mail("Nothing of note.", "ann@customer.test", 1))
    check(directory.log().count("SRCH") == before, "nobody is asked about mail that passes")
    numbers = explained(service, 2)["numbers"]
    check([n["source"] for n in numbers] == ["ldap", "directory"], "explain asks it too: %s" % numbers)
    check("7946 08" not in held(service, sink, 50)[0].replace("7946 0800", ""), "a fax is not called")
    check("7946 08" not in held(service, sink, 51)[0].replace("7946 0800", ""),
          "two people with one address: neither is called")
    held(service, sink, 52)
    for outcome in ("known", "ambiguous", "unknown"):
        check(counted(service, outcome), "counted: " + outcome)


def in_trouble(check, directory, service, sink):
    def known_all_the_same(number, what, outcome):
        notice, took = held(service, sink, number)
        known = "020 7946 0800" in notice and "Susan Canary" not in notice
        check(known and took < TIMEOUT_SECS + SLACK_SECS, "%s: held after %.2f s" % (what, took))
        check(counted(service, outcome), "counted: " + outcome)

    with directory.frozen():
        known_all_the_same(10, "it stalls", "timed_out")
    check("Susan Canary" in held(service, sink, 11)[0], "it goes on, and is asked again")
    directory.stop()
    known_all_the_same(12, "it is away", "unreachable")
    directory.configure("another password")
    directory.start()
    known_all_the_same(13, "the password is wrong", "not_allowed")
    before = directory.log().count("BIND")
    for number in range(20, 27):
        held(service, sink, number)
    check(directory.log().count("BIND") - before < 16, "a directory that fails is left alone")
    metrics = service.get("/metrics")
    check('directory_not_asked_total{source="ldap",why="resting"}' in metrics, "counted: resting")
    directory.stop()
    directory.configure(PASSWORD)
    directory.start()


def run():
    check = Check()
    with Sink() as sink, Slapd() as directory:
        with configured(directory, sink.port, "ldap://localhost:%d" % directory.port) as service:
            asked_well(check, directory, service, sink)
            in_trouble(check, directory, service, sink)
            metrics, log = service.get("/metrics"), service.log(1 << 24)
            told = [w for w in ("Canary", "Purchasing", "7946 0", "2079460", "buyer.", "Buyer.", BASE,
                                PASSWORD) if w in log + metrics]
            check("LDAP directory" in log and not told,
                  "no name, number, address or password in log and metrics, at level trace %s" % told)
            code = service.stop()
            check(code == 0, "SIGTERM ends with 0 (%d)" % code)
        url = "ldaps://localhost:%d" % directory.tls_port
        with configured(directory, sink.port, url) as service:
            check("Susan Canary" in held(service, sink, 30)[0], "it is asked under ldaps")
        for scheme, port in (("ldaps", directory.tls_port), ("ldap", directory.port)):
            binds = directory.log().count("BIND")
            url = "%s://localhost:%d" % (scheme, port)
            with configured(directory, sink.port, url, ca=False) as service:
                notice, _ = held(service, sink, 31)
                check("Susan Canary" not in notice and counted(service, "tls"),
                      "%s: a certificate that nobody vouches for: held without" % scheme)
            check(directory.log().count("BIND") == binds, "and nothing was said")
    return 1 if check.faults else 0
