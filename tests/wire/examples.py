#!/usr/bin/env python3
"""examples.py - what the repository ships judges itself.

    - examples/callfirst.toml is accepted by `callfirst check`, policies' own tests included
    - each examples/mail/hold-CATEGORY[-xx].eml is held in that category
    - each examples/mail/pass-*.eml passes

Prints a line for each that is wrong, and a count. Python 3.11, standard library only.
"""
import json
import subprocess
import sys

from support import BINARY, ROOT, Callfirst

MAIL = ROOT / "examples/mail"


def configuration_is_accepted(service):
    """The example, with its places below a temporary directory."""
    text = (ROOT / "examples/callfirst.toml").read_text()
    text = text.replace("/var/lib/callfirst", str(service.data))
    text = text.replace("/etc/callfirst", str(service.dir))
    example = service.dir / "example.toml"
    example.write_text(text)
    example.chmod(0o600)
    done = subprocess.run([str(BINARY), "check", "-c", str(example)], capture_output=True,
                          text=True, timeout=120)
    if done.returncode:
        print("FAIL callfirst check says of examples/callfirst.toml:\n" + done.stderr)
    return done.returncode == 0


def judged(service):
    """{file name: verdict} of all examples, in one run."""
    done = service.command("replay", "--json", str(MAIL), check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    found = {v["source"].rsplit("/", 1)[-1]: v for v in lines if "verdict" in v}
    if not found:
        raise AssertionError("replay ended with %d: %s" % (done.returncode, done.stderr[-2000:]))
    return found


def main():
    wrong = 0
    service = Callfirst(9, policies=ROOT / "policies", domains=["northwind-hvac.example"])
    try:
        wrong += not configuration_is_accepted(service)
        verdicts = judged(service)
        names = sorted(p.name for p in MAIL.glob("*.eml"))
        for name in names:
            verdict = verdicts.get(name, {})
            expected, what = name.removesuffix(".eml").split("-", 1)
            right = verdict.get("verdict") == expected
            if expected == "hold":
                right = right and verdict.get("category") == what.split("-")[0]
            if not right:
                wrong += 1
                print("FAIL %s: %s" % (name, {k: verdict.get(k) for k in (
                    "verdict", "reason", "category", "policy", "probability", "evidence")}))
    finally:
        service.__exit__(None, None, None)
    print("%d example mails and a configuration, %d wrong" % (len(names), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
