"""Reads a request of OTLP's metrics from the standard input and writes it as JSON, with the names and defaults of the messages."""

import json
import sys

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

request = ExportMetricsServiceRequest.FromString(sys.stdin.buffer.read())
json.dump(MessageToDict(request, preserving_proto_field_name=True, always_print_fields_with_no_presence=True), sys.stdout)
