"""sink.py - a next hop that remembers byte for byte, and a client that sends.

The sink takes everything; `Door` stands between two programs and can be shut. Loopback only.
Python 3.11, standard library only.
"""
import dataclasses
import smtplib
import socket
import socketserver
import threading
import time

KEYWORDS = ("PIPELINING", "SIZE 104857600", "8BITMIME", "SMTPUTF8", "DSN",
            "ENHANCEDSTATUSCODES")


@dataclasses.dataclass
class Mail:
    """One transaction that the sink answered with 250."""
    mail_line: str
    rcpt_lines: list
    data: bytes
    at: float = 0.0           # time.monotonic() when it was taken

    @property
    def sender(self):
        return path(self.mail_line)

    @property
    def recipients(self):
        return [path(line) for line in self.rcpt_lines]

    @property
    def body(self):
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def head(self):
        return self.data.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")


def path(line):
    return line.partition("<")[2].partition(">")[0]


class _Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def handle(self):
        try:
            self.talk()
        except OSError:
            pass          # the client went away; an unfinished mail is not counted

    def talk(self):
        sink = self.server.sink
        mail, rcpts = "", []
        self.say("220 sink.test ESMTP")
        while line := self.rfile.readline(8192):
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            verb = text.split(" ")[0].upper()
            if verb == "EHLO":
                self.say("\r\n".join(["250-sink.test"] + ["250-" + k for k in KEYWORDS[:-1]]
                                     + ["250 " + KEYWORDS[-1]]))
            elif verb == "MAIL":
                mail, rcpts = text, []
                self.say("250 2.1.0 Ok")
            elif verb == "RCPT":
                rcpts.append(text)
                self.say("250 2.1.5 Ok")
            elif verb == "DATA" and rcpts:
                self.say("354 go")
                data = self.content()
                if data is None:
                    return
                taken = Mail(mail, rcpts, data, time.monotonic())
                with sink.lock:
                    sink.mails.append(taken)
                mail, rcpts = "", []
                self.say("250 2.0.0 taken")
                sink.after(taken)
            elif verb == "DATA":
                self.say("503 5.5.1 no recipient")
            elif verb == "QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                if verb == "RSET":
                    mail, rcpts = "", []
                self.say("250 2.0.0 Ok")

    def content(self):
        lines = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return None


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class Sink:
    """A recording next hop on a port of its own; it calls `after(mail)` when it has said 250."""

    def __init__(self, port=0, after=lambda mail: None):
        self.after = after
        self.mails, self.lock = [], threading.Lock()
        self.server = _Server(("127.0.0.1", port), _Session)
        self.server.sink = self
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def find(self, token, to=None):
        """Mails whose header section or envelope names the token."""
        with self.lock:
            mails = list(self.mails)
        return [m for m in mails
                if (token in m.head or any(token in r for r in m.recipients))
                and (to is None or to in m.recipients)]


class Door:
    """A TCP door between two programs that can be shut and opened again."""

    def __init__(self, to_port, port=0):
        self.to_port, self.port = to_port, port
        self.open = set()
        self.listener = None
        self.unlock()

    def unlock(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                if listener.fileno() < 0:
                    return
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.to_port), 10)
                far.settimeout(None)
            except OSError:
                near.close()      # who is left waiting would take us for a server that hangs
                continue
            self.open |= {near, far}
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(a, b), daemon=True).start()

    def _carry(self, a, b):
        try:
            while octets := a.recv(1 << 16):
                b.sendall(octets)
        except OSError:
            pass
        for s in (a, b):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def shut(self):
        """Nobody gets in, and who is in is thrown out."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def cut(self):
        """Who is in is thrown out; the door stays open."""
        gone, self.open = self.open, set()
        for s in gone:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()


def send(port, sender, recipients, data, mail_options=(), rcpt_options=()):
    """Sends bytes as they are. Gives {recipient: (code, text)} of those refused and the final
    reply; smtplib's exceptions where nothing was accepted."""
    client = smtplib.SMTP("127.0.0.1", port, local_hostname="client.test", timeout=120)
    try:
        client.ehlo()
        client.command_encoding = "utf-8"
        code, text = client.mail(sender, list(mail_options))
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, text, sender)
        refused = {}
        for recipient in recipients:
            code, text = client.rcpt(recipient, list(rcpt_options))
            if code not in (250, 251):
                refused[recipient] = (code, text)
        if len(refused) == len(recipients):
            raise smtplib.SMTPRecipientsRefused(refused)
        return refused, client.data(data)
    finally:
        client.close()
