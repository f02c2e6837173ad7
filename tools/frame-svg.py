#!/usr/bin/env python3
"""Turns the first frame that `breachx --script` prints into an SVG picture.

    breachx --script tools/board.keys --size 120x36 @example | tools/frame-svg.py > docs/board.svg
"""
import sys
import unicodedata
from xml.sax.saxutils import escape

CELL, LINE = 8.4, 18
COLOURS = {
    ".": ("#d0d0d0", None, ""), "d": ("#8a8a8a", None, ""), "b": ("#ffffff", None, "bold"),
    "h": ("#e4e4e4", "#303a48", ""), "f": ("#5f6b7a", None, ""), "F": ("#87afd7", None, ""),
    "t": ("#ffffff", None, "bold"), "c": ("#9fb4c7", None, ""), "C": ("#101418", "#87afd7", ""),
    "S": ("#e4e4e4", "#3a4655", ""), "L": ("#afd787", None, ""), "H": ("#101418", "#ffd75f", ""),
    "M": ("#ff8787", None, ""), "l": ("#9fb4c7", None, ""), "w": ("#ffaf5f", None, ""),
    "E": ("#ff8787", None, "bold"), "k": ("#ffd75f", None, ""), "p": ("#ffffff", None, ""),
}


def columns(text):
    """The text of a row by column; the second column of a wide character is empty."""
    cells = []
    for character in text:
        if unicodedata.combining(character):
            cells[-1] += character
            continue
        cells.append(character)
        if unicodedata.east_asian_width(character) in "WF":
            cells.append("")
    return cells


def read_frame(stream):
    rows, styles, inside = [], {}, False
    for line in stream:
        line = line.rstrip("\n")
        if line.startswith("== frame"):
            if inside:
                break
            inside = True
        elif line.startswith("|"):
            rows.append(line[1:])
        elif line.startswith("--"):
            continue
        elif inside and line.strip():
            number, _, letters = line.strip().partition(" ")
            styles[int(number)] = letters
    return rows, styles


def main():
    rows, styles = read_frame(sys.stdin)
    width = max(len(columns(row)) for row in rows)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * CELL + 24:.0f}" '
          f'height="{len(rows) * LINE + 24}" font-family="DejaVu Sans Mono, Menlo, Consolas, '
          f'monospace" font-size="14">')
    print('<rect width="100%" height="100%" rx="6" fill="#14181d"/>')
    for number, row in enumerate(rows):
        cells = columns(row)
        letters = styles.get(number, "").ljust(len(cells), ".")
        cells += [" "] * (len(letters) - len(cells))
        y, at = 12 + number * LINE, 0
        while at < len(cells):
            end = at
            while end < len(cells) and letters[end] == letters[at]:
                end += 1
            text = "".join(cells[at:end])
            colour, ground, weight = COLOURS.get(letters[at], COLOURS["."])
            x = 12 + at * CELL
            if ground:
                print(f'<rect x="{x:.1f}" y="{y}" width="{(end - at) * CELL:.1f}" '
                      f'height="{LINE}" fill="{ground}"/>')
            if text.strip():
                bold = f' font-weight="{weight}"' if weight else ""
                print(f'<text x="{x:.1f}" y="{y + 13}" fill="{colour}"{bold} xml:space="preserve" '
                      f'textLength="{(end - at) * CELL:.1f}">{escape(text)}</text>')
            at = end
    print("</svg>")


main()
