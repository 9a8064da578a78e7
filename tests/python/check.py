"""Reads every page in a folder with the Python client's parsers and with promtool; fails with the pages and what was said.

usage: check.py FOLDER

The folder has one for each program that made pages (tests/kept-pages keeps them), and the pages in it are named
after their contents and formats.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text

# Fewer contents than this mean that pages were not kept, and that little was checked.
FEWEST = {".text": 1500, ".openmetrics": 1500, ".json": 500}

# What promtool ends with: no finding, and findings about names, which are what a test has chosen. The tests of the rules for
# names compare those. A page that it cannot read ends it with 1.
READABLE = (0, 3)

# How many bytes of pages promtool reads at once.
BATCH = 1 << 20


def read(page):
    """What a parser says against a page, or nothing."""
    try:
        content = page.read_bytes().decode("utf-8")
        if page.suffix == ".text":
            list(text(content))
        elif page.suffix == ".openmetrics":
            read_openmetrics(content)
        else:
            json.loads(content, parse_constant=refuse)
    except Exception as error:  # parsers fail in many ways
        return f"{type(error).__name__}: {error}"
    return None


def read_openmetrics(content):
    try:
        list(openmetrics(content))
    except ValueError:
        # The parser takes an escaped quote in an exemplar for the end of the value, which it is not; so without those.
        plain = re.sub(r" # \{.*", lambda exemplar: exemplar[0].replace(r"\"", "'"), content)
        if plain == content:
            raise
        list(openmetrics(plain))


def refuse(constant):
    raise ValueError(f"JSON has no {constant}")


def named_apart(number, content):
    """A page in text whose names begin in a way of their own, so that it can stand beside others. A line that does not begin as
    names do stays as it is."""
    return re.sub(rb"^(# (?:HELP|TYPE) |)(?=[a-zA-Z_:])", rb"\1p%d_" % number, content, flags=re.MULTILINE)


def batches(pages):
    """Pages that promtool reads at once: starting it takes longer than reading a page."""
    batch, size = [], 0
    for page in pages:
        batch.append(page)
        size += page.stat().st_size
        if size > BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def promtool(pages):
    """What promtool says against pages, by page."""
    contents = [page.read_bytes() for page in pages]
    page = b"".join(named_apart(*numbered) for numbered in enumerate(contents))
    said = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False)
    whole = all(not content or content.endswith(b"\n") for content in contents)
    if said.returncode in READABLE and whole:
        return []
    if len(pages) > 1:
        middle = len(pages) // 2
        return promtool(pages[:middle]) + promtool(pages[middle:])
    return [(pages[0], "promtool: " + (said.stdout + said.stderr).decode("utf-8", "replace").strip())]


def main():
    contents = {}
    for page in sorted(pathlib.Path(sys.argv[1]).glob("*/*")):
        if page.suffix in FEWEST:
            contents.setdefault(page.name, page)
    pages = list(contents.values())
    with ProcessPoolExecutor() as pool:
        said = zip(pages, pool.map(read, pages, chunksize=32))
        against = [(page, said) for page, said in said if said]
    in_text = list(batches(page for page in pages if page.suffix == ".text"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        against += [one for verdicts in pool.map(promtool, in_text) for one in verdicts]
    for page, said in against:
        print(f"{page}: {said}", file=sys.stderr)
    for suffix, fewest in FEWEST.items():
        number = sum(page.suffix == suffix for page in pages)
        print(f"{number} pages in {suffix[1:]}")
        if number < fewest:
            against.append((None, ""))
            print(f"fewer than {fewest}: were the pages kept?", file=sys.stderr)
    print(f"promtool read those in text in {len(in_text)} batches")
    return 1 if against else 0


if __name__ == "__main__":
    sys.exit(main())
