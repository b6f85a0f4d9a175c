#!/usr/bin/env python3
"""A part of the mails, for a learning curve: how much do more mails help?

    data/decks/share.py SHARE FOLDER SET.jsonl...

Writes the mails of a SHARE (0 to 1) of the briefs into FOLDER, a file a set. Twins stay together, and a smaller
share is part of a larger one. Python's standard library only.
"""
import json
import os
import sys
import zlib


def main(share, folder, paths):
    os.makedirs(folder, exist_ok=True)
    for path in paths:
        with open(path, encoding="utf-8") as mails, open(os.path.join(folder, os.path.basename(path)), "w", encoding="utf-8") as out:
            for line in mails:
                mail = json.loads(line)
                name = mail.get("pair") or mail.get("brief") or mail["id"]
                if zlib.crc32(name.encode()) / 2 ** 32 < float(share):
                    out.write(line)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
