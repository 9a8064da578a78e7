"""Reads a page from the standard input with the Python client's parser and writes what is in it as JSON.

usage: parse.py text|openmetrics
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text

parse = {"text": text, "openmetrics": openmetrics}[sys.argv[1]]
page = sys.stdin.buffer.read().decode("utf-8")
families = [
    {
        "name": family.name,
        "type": family.type,
        "help": family.documentation,
        "unit": family.unit,
        "samples": [
            {"name": sample.name, "labels": sample.labels, "value": repr(float(sample.value))}
            for sample in family.samples
        ],
    }
    for family in parse(page)
]
json.dump(families, sys.stdout)
