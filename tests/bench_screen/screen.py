#!/usr/bin/env python3
"""From a key to the frame it asks for, in a pty of 160x50, over generated cases.

    screen.py BREACHX EVENTS FOLDER ROWS...

Of each case: the time to the first full screen, then every motion many times: milliseconds from
the key to the first bytes of the frame (a frame is one write), median, 99th percentile and the
worst; and the processor time of the screen's thread for each key, which other work on the machine
does not disturb. Then the peak of memory. `less -S` and lnav get the same motions over the CSV where
they are installed (lnav up to a million rows: it loads for minutes). What is over its budget is
marked; the exit code is 0 all the same: wall-clock times are the machine's as much as ours.
"""
import fcntl
import os
import pty
import random
import select
import shutil
import struct
import subprocess
import sys
import termios
import time

FIRST_MS, KEY_MS, BASE_MIB, ROW_BYTES = 50, 16, 64, 4
PAGE_DOWN = "\x1b[6~"


class Terminal:
    def __init__(self, command):
        self.begun = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
            os.execvp(command[0], command)
        self.tail = b""  # of what was read

    def read(self, seconds):
        """The time when something came, or None."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return None
        try:
            self.tail = (self.tail + os.read(self.fd, 1 << 16))[-(1 << 17):]
        except OSError:
            return None
        return time.perf_counter()

    def settle(self, quiet=0.03, longest=5):
        end = time.perf_counter() + longest
        while time.perf_counter() < end and self.read(quiet):
            pass

    def until(self, text, seconds=600):
        """The time when the text was drawn, from now on."""
        end = time.perf_counter() + seconds
        self.tail = b""
        while time.perf_counter() < end:
            came = self.read(0.5)
            if text.encode() in self.tail:
                return came
        raise SystemExit(f"{text} did not appear in {seconds} s")

    def cpu(self):
        """Milliseconds of the main thread."""
        with open(f"/proc/{self.pid}/task/{self.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e6

    def key(self, keys, quiet):
        """Milliseconds from the key to the frame, and of the thread; None: nothing was drawn."""
        used, begun = self.cpu(), time.perf_counter()
        os.write(self.fd, keys.encode())
        came = self.read(1)
        if came is None:
            return None
        self.settle(quiet, 0.2)
        return (came - begun) * 1000, self.cpu() - used

    def peak(self):
        with open(f"/proc/{self.pid}/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))

    def leave(self, keys):
        os.write(self.fd, keys.encode())
        self.settle(0.5)
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def of(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row(name, walls, cpus=None, budget=None):
    line = f"  {name:28}{len(walls):5}{of(walls, 0.5):9.1f}{of(walls, 0.99):9.1f}{max(walls):9.1f}"
    if cpus:
        line += f"{of(cpus, 0.5):9.1f}{of(cpus, 0.99):9.1f}{max(cpus):9.1f}"
    over = budget and of(walls, 0.99) > budget
    print(line + (f"   over {budget}" if over else ""), flush=True)


def measure(terminal, name, keys, budget=None, quiet=0.03, cpu=True):
    came = [result for result in (terminal.key(key, quiet) for key in keys) if result]
    if came:
        row(name, [wall for wall, _ in came], [used for _, used in came] if cpu else None, budget)


def search(terminal, pattern):
    """Typed letter by letter; the search goes on behind it."""
    terminal.key("/", 0.03)
    measure(terminal, f"/ typed: {pattern}", pattern, KEY_MS, 0.001)
    terminal.key("\r", 0.03)


def ours(breachx, case, rows):
    terminal = Terminal([breachx, "-R", case])
    first = (terminal.until("ws0000") - terminal.begun) * 1000
    row("first full screen", [first], budget=FIRST_MS)
    terminal.settle(0.2)
    measure(terminal, "board: j", "j" * 50, KEY_MS)
    begun = time.perf_counter()
    os.write(terminal.fd, b"gt")
    row("timeline, first rows", [(terminal.until("2019-07-01") - begun) * 1000], budget=FIRST_MS)
    terminal.key("G", 0.03)  # waits for the last row
    while terminal.read(1):
        pass
    row("timeline, all rows", [(time.perf_counter() - 1 - begun) * 1000])
    chance = random.Random(1)
    terminal.key("gg", 0.03)
    measure(terminal, "j, k", "jk" * 50, KEY_MS)
    measure(terminal, "PgDn", [PAGE_DOWN] * 100, KEY_MS)
    measure(terminal, "G, gg", ["G", "gg"] * 15, KEY_MS)
    measure(terminal, "row by its number", [f"{chance.randrange(1, rows)}G" for _ in range(50)], KEY_MS)
    measure(terminal, "record, related, source", ["\r", "q", "r", "q", "p", "q"] * 5, KEY_MS)
    terminal.key("gg", 0.03)
    search(terminal, "exfil-7Q")
    terminal.settle(0.3)
    measure(terminal, "n over few hits", "n" * 20, KEY_MS)
    search(terminal, "rundll32")
    terminal.settle(0.5, 60)
    measure(terminal, "n over many hits", "n" * 20, KEY_MS)
    search(terminal, "[a-f0-9]{32}$|e$")
    measure(terminal, "j during that search", "j" * 50, KEY_MS, 0.001)
    terminal.settle(0.5, 120)
    terminal.key("\x1b", 0.1)
    print(f"  peak of memory{'':19}{terminal.peak():9.1f} MiB", end="")
    most = BASE_MIB + ROW_BYTES * rows / 2**20
    print(f"   over {most:.0f}" if terminal.peak() > most else f" of {most:.0f}")
    terminal.leave("Q")


def peer(command, leave, csv, loaded):
    terminal = Terminal(command + [csv])
    came = terminal.read(60)
    row(f"{command[0]}: first bytes", [(came - terminal.begun) * 1000])
    terminal.settle(loaded, 300)
    measure(terminal, "j", "j" * 50, cpu=False)
    measure(terminal, "Space", " " * 50, cpu=False)
    measure(terminal, "G, g", "Gg" * 5, quiet=0.3, cpu=False)
    print(f"  peak of memory{'':19}{terminal.peak():9.1f} MiB")
    terminal.leave(leave)


def main():
    breachx, events, folder = sys.argv[1:4]
    os.makedirs(folder, exist_ok=True)
    print(f"  {'milliseconds':28}{'n':>5}{'p50':>9}{'p99':>9}{'max':>9}{'thread':>9}{'p99':>9}{'max':>9}")
    for rows in map(int, sys.argv[4:]):
        csv, case = (f"{folder}/events-{rows}.{end}" for end in ("csv", "breach"))
        if not os.path.exists(csv):
            with open(csv, "wb") as file:
                subprocess.run([events, str(rows)], stdout=file, check=True)
        shown = subprocess.run([breachx, "show", "-R", case, "event:1"], capture_output=True)
        if shown.returncode or shown.stderr:  # of another schema it would be copied at every start
            subprocess.run(["rm", "-f", case], check=True)
            subprocess.run([breachx, "import", case, csv, "--kind", "event", "--zone", "UTC"],
                           capture_output=True, check=True)
        print(f"{rows} events")
        ours(breachx, case, rows)
        if shutil.which("less"):
            peer(["less", "-S"], "q", csv, 0.5)
        if shutil.which("lnav") and rows <= 1000000:
            peer(["lnav"], "q", csv, 3)


main()
