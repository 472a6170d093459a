"""Counts the verdicts of judged findings.

python tools/evidence/verdicts.py JUDGED.tsv...
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path


def main() -> None:
    """Print, for each table, how many findings were judged, and how many of them right."""
    for name in sys.argv[1:]:
        with Path(name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        counts = Counter(row["verdict"] for row in rows)
        judged = counts["right"] + counts["wrong"]
        codes = len({row["code"] for row in rows})
        print(f"{name}: {counts['right']} of {judged} right ({100 * counts['right'] / judged:.1f} %), {codes} codes")
        for code, number in sorted(Counter(row["code"] for row in rows if row["verdict"] == "wrong").items()):
            print(f"  {code}: {number} wrong")


if __name__ == "__main__":
    main()
