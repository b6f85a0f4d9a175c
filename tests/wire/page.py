"""page.py - reads the forms of a page and sends one, as a browser without JavaScript does.

Loopback only. Python 3.11, standard library only.
"""
import html.parser
import urllib.error
import urllib.parse
import urllib.request


class Form:
    """One form: where it goes, what it carries, and the words on its buttons."""

    def __init__(self, action, method):
        self.action, self.method = action, method
        self.fields = []            # [name, type, value, chosen]
        self.buttons = []           # (name, value, words)

    def button(self, value):
        """The button that sends this value, or the one of the form whose hidden field says so."""
        if self.buttons and any(f[1] == "hidden" and f[2] == value for f in self.fields):
            return self.buttons[0]
        return next((b for b in self.buttons if b[1] == value), None)

    def values(self, choose):
        """What is sent when nothing but `choose` ({name: value}) was touched."""
        sent = []
        for name, kind, value, chosen in self.fields:
            if kind in ("radio", "checkbox", "option"):
                chosen = choose[name] == value if name in choose else chosen
                sent += [(name, value)] if chosen else []
            else:
                sent.append((name, choose.get(name, value)))
        return sent


class Forms(html.parser.HTMLParser):
    """All forms of a page."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.form, self.words, self.select, self.area = [], None, None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.form = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and a.get("type", "text") == "submit":
            self.form.buttons.append((a.get("name"), a.get("value", ""), a.get("value", "")))
        elif tag == "input" and a.get("name"):
            kind = a.get("type", "text")
            value = a.get("value", "on" if kind in ("radio", "checkbox") else "")
            self.form.fields.append([a["name"], kind, value, "checked" in a])
        elif tag == "button":
            self.words = [a.get("name"), a.get("value", ""), ""]
        elif tag == "select":
            self.select = a.get("name")
        elif tag == "option" and self.select:
            self.form.fields.append([self.select, "option", a.get("value", ""), "selected" in a])
        elif tag == "textarea" and a.get("name"):
            self.area = [a["name"], "text", "", False]
            self.form.fields.append(self.area)

    def handle_data(self, data):
        if self.words is not None:
            self.words[2] += data
        if self.area is not None:
            self.area[2] += data

    def handle_endtag(self, tag):
        if tag == "button" and self.words is not None:
            name, value, words = self.words
            self.form.buttons.append((name, value, " ".join(words.split())))
            self.words = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None
        elif tag == "form":
            self.form = None


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def submit(url, value, choose):
    """Loads the page, presses the button that sends this value, and gives (status, page)."""
    page = Forms(get(url))
    form = next((f for f in page.forms if f.button(value)), None)
    if form is None:
        offered = [b for f in page.forms for b in f.buttons]
        raise AssertionError("no button %r on the page; it offers %r" % (value, offered))
    if form.method != "post":
        raise AssertionError("the button %r would act by %s" % (value, form.method.upper()))
    name, value, _ = form.button(value)
    fields = form.values(choose) + ([(name, value)] if name else [])
    target = urllib.parse.urljoin(url, form.action)
    parts = urllib.parse.urlsplit(target)
    request = urllib.request.Request(target, urllib.parse.urlencode(fields).encode(), headers={
        "Origin": "%s://%s" % (parts.scheme, parts.netloc), "Sec-Fetch-Site": "same-origin"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
