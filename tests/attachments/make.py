#!/usr/bin/env python3
"""make.py - writes the documents that the tests attach, into documents/.

They are checked in; this is how they were made. What a browser or a word processor would write is
made by Chromium and qpdf where they are needed, the rest is written here octet by octet.

    make.py [NAME...]        Python 3.11, standard library; chromium and qpdf for some
"""
import pathlib
import subprocess
import sys
import tempfile
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / "documents"

DENIAL = [
    "Northwind HVAC · 14 Mill Lane · Leeds LS1 4AP",
    "Ms Maria Huber\n22 Station Road\nLeeds LS2 8JQ",
    "Leeds, 3 November 2026",
    "Your claim 4711: compressor of the walk-in freezer",
    "Dear Ms Huber,",
    "Thank you for sending us the compressor. Our workshop has taken it apart and examined every "
    "part of it with great care.",
    "We regret to inform you that the repair is not covered by your warranty, because the filter "
    "had not been changed for two years. We therefore have to decline your claim of 1,840 pounds "
    "in full.",
    "If you want us to repair the compressor at your own expense, please sign the enclosed form.",
    "Yours sincerely,",
    "Dana Reyes\nCustomer Service",
]

ABLEHNUNG = [
    "Sehr geehrte Frau Huber,",
    "vielen Dank für Ihre Geduld. Wir haben Ihren Antrag eingehend geprüft.",
    "Leider müssen wir Ihnen mitteilen, dass wir Ihren Garantieanspruch ablehnen. Die Kosten der "
    "Reparatur können wir nicht übernehmen.",
    "Mit freundlichen Grüßen",
    "Dana Reyes",
]

TERMS = ["General Terms and Conditions of Sale"] + [
    "§ %d. %s" % (n + 1, clause)
    for n, clause in enumerate([
        "Deposits are not refundable. No refund is given for goods made to order.",
        "Claims that are reported later than fourteen days after delivery will be rejected.",
        "Damage from frost, lightning or misuse is not covered by the warranty.",
        "We may cancel an order that cannot be supplied.",
        "Delivery dates are estimates. A delay gives no right to damages.",
        "Prices may be increased with thirty days' notice.",
        "We may terminate the contract if an invoice is not paid.",
        "The warranty is void if the device was opened by anybody but us.",
    ] * 20)
]

PAPER = [
    "On the Refusal of Warranty Claims in Refrigeration",
    "A. Meyer, B. Okafor · Journal of Applied Service Research 12 (2026)",
    "Abstract. We study 4,200 claims that were denied between 2019 and 2024. In 61 per cent the "
    "claim was rejected because maintenance had been neglected; customers were told in writing.",
    "1 Introduction. A warranty claim is refused when the manufacturer finds that the damage is "
    "not covered. Earlier work has shown that refused customers leave within a year.",
] + ["%d Results. The share of denied claims in group %d was %d per cent, and the delay of the "
     "decision was %d days." % (n, n, 20 + n, 30 + n) for n in range(2, 120)]

# Somebody else's letter to us, which we send on for information.
FOREIGN = [
    "Polar Compressors GmbH",
    "Northwind HVAC\nMs Dana Reyes",
    "Dear Ms Reyes,",
    "We regret to inform you that we cannot accept your claim. The repair is not covered by our "
    "guarantee, and we have to decline any payment.",
    "Yours sincerely,",
    "Jan Peters",
]


def html(paragraphs):
    inner = "".join("<p>%s</p>" % p.replace("\n", "<br>") for p in paragraphs)
    return ("<!doctype html><html><head><meta charset='utf-8'><title>Letter</title><style>"
            "body{font:11pt serif;margin:2cm;hyphens:auto}</style></head><body lang='en'>%s"
            "</body></html>" % inner)


def chromium_pdf(path, paragraphs):
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text(html(paragraphs))
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu",
                        "--no-pdf-header-footer", "--user-data-dir=%s/profile" % folder,
                        "--print-to-pdf=%s" % path, page.as_uri()],
                       check=True, capture_output=True, timeout=120)


def pdf(objects, path):
    """A PDF file of these objects, the first of which is the catalog."""
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
                     + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                     % (len(objects) + 1, len(out)))


def stream(content, entries=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def one_page(content, path, resources=b"<< /Font << /F1 5 0 R >> >>", more=()):
    pdf([b"<< /Type /Catalog /Pages 2 0 R >>",
         b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
         b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %s /Contents 4 0 R >>"
         % resources, content,
         b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
         *more], path)


def typed_pdf(path, paragraphs):
    """As old programs write it: one font of every reader, each line shown by itself."""
    lines, height = [], 800
    for paragraph in paragraphs:
        words, line = paragraph.split(), ""
        for word in words + [None]:
            if word is None or len(line) + len(word) > 72:
                shown = line.strip().encode("cp1252").replace(b"\\", b"\\\\")
                shown = shown.replace(b"(", b"\\(").replace(b")", b"\\)")
                lines.append(b"BT /F1 11 Tf 56 %d Td (%s) Tj ET" % (height, shown))
                height, line = height - 14, ""
            line += (word or "") + " "
        height -= 12
    one_page(stream(b"\n".join(lines)), path)


def qpdf(path, source, *words):
    subprocess.run(["qpdf", *words, "--deterministic-id", str(OUT / source), str(path)]
                   if "--encrypt" not in words else
                   ["qpdf", *words, str(OUT / source), str(path)], check=True)


def docx(path, paragraphs):
    inner = "".join('<w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>'
                    % p.replace("\n", "</w:t><w:br/><w:t>") for p in paragraphs)
    write_zip(path, {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.'
        'org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        '</Types>',
        "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://'
        'schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
        % inner})


def odt(path, paragraphs):
    inner = "".join("<text:p>%s</text:p>" % p.replace("\n", "<text:line-break/>")
                    for p in paragraphs)
    write_zip(path, {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:'
        'office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:'
        'tc:opendocument:xmlns:text:1.0"><office:body><office:text>%s</office:text></office:body>'
        '</office:document-content>' % inner})


def write_zip(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 11, 3, 8, 0, 0))
            stored = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            package.writestr(entry, content)


def rtf(path, paragraphs):
    def shown(text):
        return "".join(c if ord(c) < 128 and c not in "\\{}" else "\\'%02x" % ord(c)
                       for c in text).replace("\n", "\\line\n")
    inner = "\\par\\par\n".join(shown(p) for p in paragraphs)
    path.write_text("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\froman Times;}}"
                    "{\\*\\generator make.py;}\\pard\\f0\\fs22\n%s\\par}" % inner)


def pdf_bomb(path):
    """Content that unfolds twice, to two gigabytes."""
    inner = zlib.compressobj(9)
    once = b"".join(inner.compress(b" " * (1 << 20)) for _ in range(2048)) + inner.flush()
    twice = zlib.compress(once, 9)
    one_page(stream(twice, b"/Filter [/FlateDecode /FlateDecode]"), path)


def pdf_mirror(path):
    """A drawing that shows itself, twice: without end."""
    form = stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                  b"/Resources << /XObject << /X 6 0 R >> >>")
    one_page(stream(b"/X Do"), path, b"<< /XObject << /X 6 0 R >> >>", [form])


def pdf_slow(path):
    """Thirty drawings, each of which shows the next one twice: 2^30 of them, and no end in time."""
    forms = []
    for n in range(30):
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
        if n < 29:
            entries += b" /Resources << /XObject << /X %d 0 R >> >>" % (n + 7)
        forms.append(stream(b"/X Do /X Do" if n < 29 else b"q Q", entries))
    one_page(stream(b"/X Do"), path, b"<< /XObject << /X 6 0 R >> >>", forms)


def docx_bomb(path):
    write_zip(path, {"word/document.xml": b"<w:document><w:p><w:r><w:t>x" + b" " * (120 << 20)})


MAKERS = {
    "denial.pdf": lambda path: chromium_pdf(path, DENIAL),
    "typed.pdf": lambda path: typed_pdf(path, DENIAL),
    "denial.docx": lambda path: docx(path, DENIAL),
    "denial.odt": lambda path: odt(path, DENIAL),
    "ablehnung.rtf": lambda path: rtf(path, ABLEHNUNG),
    "denial.html": lambda path: path.write_text(html(DENIAL)),
    "terms.pdf": lambda path: chromium_pdf(path, TERMS),
    "paper.pdf": lambda path: typed_pdf(path, PAPER[:40]),
    "paper.docx": lambda path: docx(path, PAPER),
    "foreign.pdf": lambda path: typed_pdf(path, FOREIGN),
    # Opens with a password only; opens with none, but may not be changed.
    "locked.pdf": lambda path: qpdf(path, "typed.pdf", "--encrypt", "user", "owner", "256", "--"),
    "guarded.pdf": lambda path: qpdf(path, "typed.pdf", "--encrypt", "", "owner", "256", "--"),
    "broken.pdf": lambda path: path.write_bytes((OUT / "denial.pdf").read_bytes()[:2000]),
    "pictures.pdf": lambda path: one_page(stream(b"0 0 200 200 re f"), path),
    "bomb.pdf": pdf_bomb,
    "mirror.pdf": pdf_mirror,
    "slow.pdf": pdf_slow,
    "bomb.docx": docx_bomb,
}


def main(names):
    OUT.mkdir(exist_ok=True)
    for name in names or MAKERS:
        MAKERS[name](OUT / name)
        print(name, (OUT / name).stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
