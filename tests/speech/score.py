"""Scores proposed statements against annotated texts: precision and recall of byte ranges, of ranges
with the speaker, and agreement in direction, form and hedging.

usage: score.py DUMP TEXT... with TEXT's annotation beside it as NAME.statements.jsonl; -v lists
what differs.
"""

import json
import subprocess
import sys


def read(lines):
    return [json.loads(line) for line in lines if line.strip()]


def plain(name):
    name = " ".join((name or "").replace("\u00a0", " ").lower().split())
    for article in ("a ", "an ", "the "):
        name = name.removeprefix(article)
    return name


def same_speaker(wanted, got):
    names = {plain(wanted["speaker"]), plain(wanted["written"])} - {""}
    return bool(names & {plain(got["speaker"]), plain(got["written"])})


def hedged(hedges):
    return bool(hedges)


class Score:
    def __init__(self):
        self.wanted = self.got = self.ranges = self.speakers = 0
        self.directions = self.forms = self.hedges = self.quotes = 0

    def add(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def line(self, name):
        def ratio(a, b):
            return f"{a / b:.3f}" if b else "  -  "

        return (
            f"{name:18} {self.wanted:4} {self.got:4}"
            f"  range P {ratio(self.ranges, self.got)} R {ratio(self.ranges, self.wanted)}"
            f"  +speaker P {ratio(self.speakers, self.got)} R {ratio(self.speakers, self.wanted)}"
            f"  direction {ratio(self.directions, self.ranges)} form {ratio(self.forms, self.ranges)}"
            f" hedges {ratio(self.hedges, self.ranges)} quotes {ratio(self.quotes, self.ranges)}"
        )


def score(dump, path, verbose):
    with open(path.removesuffix(".txt") + ".statements.jsonl", encoding="utf-8") as file:
        labels = read(file)
    output = subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout
    text = open(path, "rb").read()
    proposals = read(output.splitlines())
    wanted = [label for label in labels if not label["nested"]]
    nested = {(label["start"], label["end"]) for label in labels if label["nested"]}
    result = Score()
    result.wanted = len(wanted)
    open_labels = {(label["start"], label["end"]): label for label in wanted}
    for got in proposals:
        if got["nested"]:
            continue
        key = (got["start"], got["end"])
        label = open_labels.pop(key, None)
        excerpt = text[got["start"] : got["end"]].decode(errors="replace")
        if label is None and key in nested:
            continue
        result.got += 1
        if label is None:
            if verbose:
                print(f"  extra {key} {got['speaker']} / {got['verb']}: {excerpt}")
            continue
        result.ranges += 1
        speaker = same_speaker(label, got)
        checks = {
            "directions": label["direction"] == got["direction"],
            "forms": label["kind"] == got["kind"],
            "hedges": hedged(label["hedges"]) == hedged(got["hedges"]),
            "quotes": label["quotes"] == got["quotes"],
        }
        result.speakers += speaker
        for name, good in checks.items():
            setattr(result, name, getattr(result, name) + good)
        if verbose and not speaker:
            print(f"  speaker {key}: {got['speaker']} | {got['written']} for {label['speaker']}")
        for name, good in checks.items():
            if verbose and not good:
                print(f"  {name} {key}: {got['direction']} {got['kind']} {got['hedges']}"
                      f" {got['quotes']} for {label['direction']} {label['kind']}"
                      f" {label['hedges']} {label['quotes']}: {excerpt[:60]}")
    if verbose:
        for key in open_labels:
            print(f"  missed {key}: {text[key[0]:key[1]].decode(errors='replace')}")
    return result


def main(arguments):
    verbose = "-v" in arguments
    dump, *paths = [argument for argument in arguments if argument != "-v"]
    total = Score()
    for path in paths:
        one = score(dump, path, verbose)
        print(one.line(path.rsplit("/", 1)[-1].removesuffix(".txt")))
        total.add(one)
    print(total.line("all"))


if __name__ == "__main__":
    main(sys.argv[1:])
