"""Unit prices of AWS for Jakarta (ap-southeast-3), in US dollars before tax, and what is assumed of people.

PUT IN BY HAND: these were not fetched from anywhere, and prices change. Check each line against AWS's own price list
before you rely on a sum made of them: change it here, run ``python -m infra.economy``, read docs/costs.md.
"""

from dataclasses import dataclass

AS_OF = "November 2026, by hand, unchecked"
HOURS_YEAR = 8760
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for so many units of a thing."""

    dollars: float
    per: float
    unit: str
    service: str


PRICES = {
    "write": Price(0.71, 1e6, "write request units, on demand", "DynamoDB"),
    "read": Price(0.1425, 1e6, "read request units, on demand", "DynamoDB"),
    "table_gb": Price(0.285 * MONTHS, 1, "GB in the table for a year", "DynamoDB"),
    "request": Price(0.20, 1e6, "requests", "Lambda"),
    "gb_second": Price(0.0000133334, 1, "GB-seconds, arm64", "Lambda"),
    "put": Price(0.005, 1e3, "PUT requests", "S3"),
    "get": Price(0.0004, 1e3, "GET requests", "S3"),
    "blob_gb": Price(0.025 * MONTHS, 1, "GB stored for a year", "S3"),
    "kms_key": Price(1.0 * MONTHS, 1, "keys for a year", "KMS"),
    "kms_call": Price(0.03, 1e4, "requests", "KMS"),
    "backup_put": Price(0.005, 1e3, "objects written for a backup", "Backups"),
    "backup_gb": Price(0.025 * MONTHS, 1, "GB in the bucket of backups for a year", "Backups"),
    "backup_read": Price(0.1425, 1e6, "read request units of the nightly scan", "Backups"),
    "runner": Price(99.0, 1, "small EC2 instance with disk and address for a year, for the nightly job", "Runner"),
    "zone": Price(0.50 * MONTHS, 1, "zones in Route 53 for a year", "Route 53"),
    "mail": Price(0.10, 1e3, "letters", "SES"),
    "edge_gb": Price(0.12, 1, "GB to visitors", "CloudFront"),
    "edge_request": Price(0.012, 1e4, "HTTPS requests", "CloudFront"),
    "firewall": Price((5 + 1) * MONTHS, 1, "web ACL with one rule, a year", "WAF"),
    "firewall_request": Price(0.60, 1e6, "requests looked at", "WAF"),
    "alarm": Price(0.10 * MONTHS, 1, "alarms for a year", "CloudWatch"),
    "metric": Price(0.30 * MONTHS, 1, "custom metrics for a year", "CloudWatch"),
    "dashboard": Price(3.0 * MONTHS, 1, "dashboards for a year (an account's first three are free)", "CloudWatch"),
    "log_gb": Price(0.70, 1, "GB of logs taken in", "CloudWatch"),
}

# By choice, and in no bill: a GB kept ready for a second, on arm64 (provisioned concurrency).
WARM_GB_SECOND = Price(0.0000033334, 1, "GB-seconds kept ready, arm64", "Lambda")
MEMORY_GB = {"intake": 0.5, "thread": 1.0, "desk": 1.0, "custody": 0.5, "courier": 0.5, "clock": 0.5}
# Billed for one request, warm, with the waiting for DynamoDB in it; a photo is cleaned in a child process.
SECONDS = {"intake": 0.1, "thread": 0.1, "desk": 0.15, "custody": 0.15, "courier": 0.3, "clock": 0.05}
PHOTO_SECONDS = 3.0
COLD_SECONDS, COLD_SHARE = 1.2, 0.05
IDLE_RUN_SECONDS = 0.2  # of a courier that finds nothing

# How often each act happens in the life of one report. The first two are one: a tenth leaves a name in trust.
LIFE = {
    "report": 0.9,
    "report in trust": 0.1,
    "look": 2.0,
    "late look": 2.0,
    "photo": 0.3,
    "message": 0.7,
    "verdict": 0.5,
    "sign in": 3.0,
    "desk": 4.0,
    "case": 6.0,
    "handover": 1.1,
    "reply": 1.5,
    "close": 1.1,
    "ask for a link": 0.5,
    "late case taken up": 0.5,
}
# Letters: a report, a handover, an answer of its writer, a verdict, a reminder, an asked link; two officers an agency.
NOTICES, RECIPIENTS = 4.3, 2.0
PHOTO_BYTES = 900_000
VISITS, VISIT_BYTES, VISIT_REQUESTS = 20.0, 120_000, 7.0  # of the portal, for each report that comes of them
KEPT_YEARS = 2.0
ALARMS, KEYS = 23, 5
METRICS = 6  # DeadLetters, LettersWait, Backups, and what SES counts: bounces, complaints, rejected letters
TOUCHED_NIGHTS = 6.0  # nights of a case's life before which something happened to it
LOG_BYTES = 200_000_000  # a year's lines of an office whose functions mostly say nothing
