"""Prints medians of bench.py's rows, with minimum and maximum in parentheses: table.py FILE.csv [--markdown]"""
import csv
import statistics
import sys

rows = {}
for r in csv.DictReader(open(sys.argv[1])):
    if r["rc"] == "0":
        rows.setdefault(r["name"], []).append(r)


def of(name, field, digits=1):
    values = [float(r[field]) for r in rows[name] if r.get(field) not in ("", None, "nan")]
    if not values:
        return ""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def median(name, field):
    return statistics.median(float(r[field]) for r in rows[name])


tandem = [n for n in rows if n.startswith("tandem")]
base = next((n for n in tandem if n.startswith("tandem:ts:fp32")), None)
best = max(tandem, key=lambda n: median(n, "busy_fps"), default=None)
head = ["contender", "runs", "busy f/s", "late f/s", "first-to-last f/s", "wall s", "before s", "after s", "decode ms", "forward ms",
        "agree", "x T fp32", "x T best", "wall x T fp32", "mem MB"]
table = [head]
for n in sorted(rows, key=lambda n: -median(n, "busy_fps")):
    table.append([n, str(len(rows[n])), of(n, "busy_fps"), of(n, "late_fps"), of(n, "fl_fps"), of(n, "wall_s"), of(n, "before_s"), of(n, "after_s"),
                  of(n, "decode_ms"), of(n, "forward_ms"), of(n, "agree", 3),
                  f"{median(n, 'busy_fps') / median(base, 'busy_fps'):.2f}" if base else "",
                  f"{median(n, 'busy_fps') / median(best, 'busy_fps'):.2f}" if best else "",
                  f"{median(n, 'wall_s') / median(base, 'wall_s'):.2f}" if base else "", of(n, "mem_mb", 0)])
widths = [max(len(r[i]) for r in table) for i in range(len(head))]
for r in table:
    print("  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths))))


def ratio(a, b, field):
    """Returns the median ratio of adjacent runs, with minimum and maximum."""
    both = zip(rows[a], rows[b])
    values = [float(x[field]) / float(y[field]) for x, y in both]
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


print()
for export in ("ts:fp32", "ts:bf16", "ts:bf16-fused", "ort:onnx-fp32"):
    for kind in ("tandem", "before"):
        own = next((n for n in rows if n.startswith(f"{kind}:{export}:")), None)
        for other in ("mp", "daft"):
            peer = next((n for n in rows if n.startswith(f"{other}:{export}:")), None)
            if own and peer:
                print(f"{own} by {peer}, in turns: busy frames/s {ratio(own, peer, 'busy_fps')}, wall {ratio(own, peer, 'wall_s')}")
