"""scripted.py - a service beside the mail that can be told how to misbehave.

Loopback only. Python 3.11, standard library only.
"""
import contextlib
import http.server
import threading


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers by the method that `server.act` names; what it heard is in `server.heard`, the keys in `server.keys`."""
    protocol_version = "HTTP/1.1"
    key_field = "Authorization"
    flood_octets = 1 << 20

    def play(self, heard):
        self.server.heard.append(heard)
        self.server.keys.append(self.headers[self.key_field])
        with contextlib.suppress(OSError):
            getattr(self, self.server.act)()

    def reply(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def html(self):
        self.reply(b"<html><h1>Sign in</h1></html>")

    def broken(self):
        self.reply(b"{}", 500)

    def stalls(self):
        self.server.over.wait(30)
        self.close_connection = True

    def drips(self):
        self.send_response(200)
        self.send_header("Content-Length", "9999")
        self.end_headers()
        while not self.server.over.wait(0.1):
            self.wfile.write(b" ")
            self.wfile.flush()

    def floods(self):
        self.reply(b"x" * self.flood_octets)

    def leaves(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
        self.close_connection = True

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(handler):
    """The service, until the end of the block; it begins by doing well."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.heard, server.keys = [], []
    server.act, server.over = "good", threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


class Check:
    """Prints each check and counts those that failed."""

    def __init__(self):
        self.faults = 0

    def __call__(self, good, said):
        print("%s %s" % ("ok  " if good else "FAIL", said))
        self.faults += not good
