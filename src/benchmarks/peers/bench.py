"""Runs implementations in separate processes, and appends a row for each to a CSV.

bench.py --tandem REPO [--before REPO] --frames DIR --work DIR --csv FILE [--memory] NAME...
A NAME is kind:engine:export:batch:workers[:threads[:decoder[:extra]]], such as mp:ts:bf16:4:2:1:turbo_half,
or tandem:engine:export:batch[:key=value...], or before:... for another checkout;
they run sequentially, in this order. Engines: ts TorchScript, ort ONNX Runtime. Exports: as in the bundled model's
serving.properties, such as fp32, bf16-fused, or with ort onnx-fp32.

wall_s        from the start to the end of the process
fl_fps        frames per second from the start of the first frame (of reading, or of decoding if a framework reads)
              to the end of the last, as in `tandem summarize`: without start-up and without loading the model
              before the first frame
busy_fps      the same while all workers are busy: from the time when each has completed its first batch, to the
              time when the first worker has completed its last
late_fps      the same in the second half of that time, after JIT compilation
load_s        time to import the engine and load the model in a worker, in seconds (maximum)
agree         share of frames with the same label as the reference run (the first tandem fp32 in --work)
mem_mb        only with --memory: the largest sum of the processes' proportional set sizes, sampled twice a second;
              do not use the times of these runs
"""
import argparse
import csv
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pyarrow.dataset as ds
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
FIELDS = ["name", "frames", "wall_s", "fl_s", "fl_fps", "busy_fps", "late_fps", "load_s", "before_s", "after_s", "workers_seen",
          "decode_ms", "forward_ms", "agree", "cpu_s", "mem_mb", "rc", "at"]


def pss(session):
    """Returns the proportional set size of all processes of a session, in MB: shared pages count once."""
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getsid(int(pid)) != session and not descends(int(pid), session):
                continue
            with open(f"/proc/{pid}/smaps_rollup") as f:
                for line in f:
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
                        break
        except OSError:
            pass
    return total / 1024


def descends(pid, ancestor):
    for _ in range(12):
        with open(f"/proc/{pid}/stat") as f:
            pid = int(f.read().rsplit(")", 1)[1].split()[1])
        if pid == ancestor:
            return True
        if pid <= 1:
            return False
    return False


def command(name, a, out):
    kind, *rest = name.split(":")
    if kind in ("tandem", "before"):
        _, export, batch, *more = rest
        checkout = a.tandem if kind == "tandem" else a.before
        words = [checkout + "/submit.sh", "infer", "--frames", a.frames, "--output", out,
                 "--set", f"{export_key(checkout)}={export}", "--set", f"infer.batch-size={batch}"]
        for pair in more:
            words += ["--set", pair]
        return words, {}
    engine, export, batch, workers, *rest = rest
    threads, decoder, extra = (rest + ["1", "turbo_half", ""][len(rest):])[:3]
    model = f"{a.tandem}/data/models/efficientnet-lite0/efficientnet-lite0-{export}.{'onnx' if engine == 'ort' else 'pt'}"
    env = {"PEER_MODEL": model, "PEER_ENGINE": engine, "PEER_THREADS": threads, "PEER_DECODER": decoder,
           "OMP_NUM_THREADS": threads, "PYTHONPATH": HERE, "PYSPARK_PYTHON": sys.executable,
           "PYSPARK_DRIVER_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "DO_NOT_TRACK": "1",
           "RAY_USAGE_STATS_ENABLED": "0", "DAFT_ANALYTICS_ENABLED": "0", "SCARF_NO_ANALYTICS": "1",
           "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "")}
    if not env["MALLOC_ARENA_MAX"]:
        del env["MALLOC_ARENA_MAX"]
    words = [sys.executable, f"{HERE}/peer_{kind}.py", a.frames, out, batch, workers]
    return words + ([extra] if extra else []), env


def export_key(checkout):
    """Returns the key that names an export; before there were engines, it was the precision."""
    with open(checkout + "/src/main/resources/reference.conf", encoding="utf-8") as f:
        return "model.precision" if "    precision = null" in f.read() else "model.export"


def is_tandem(name):
    return name.split(":")[0] in ("tandem", "before")


def tandem_times(out):
    t = pq.read_table(out + "/predictions", columns=["started_us", "decode_us", "forward_at_us", "forward_us",
                      "output_at_us", "output_us", "task_attempt", "batch", "batch_size", "lane", "path", "label", "error"])
    rows = [r for r in t.to_pylist() if r["error"] is None]
    batches = {}
    for r in rows:
        key = (r["lane"], r["task_attempt"], r["batch"])
        start, end = r["started_us"] / 1e6, (r["started_us"] + r["output_at_us"] + r["output_us"]) / 1e6
        s, e, n, d, f = batches.get(key, (start, end, 0, 0, 0))
        batches[key] = (min(s, start), max(e, end), n + 1, d + r["decode_us"] / 1e3, r["forward_us"] / 1e3)
    workers = {}
    for (lane, _, _), b in batches.items():
        workers.setdefault(lane, []).append(b)
    labels = {os.path.basename(r["path"]): r["label"] for r in rows}
    return workers, labels


def peer_times(stamps, out, synset):
    workers = {}
    for name in glob.glob(stamps + "/*.csv"):
        for line in open(name):
            what, s, d, e, n = line.split(",")
            if what == "batch":
                s, d, e, n = float(s), float(d), float(e), int(n)
                workers.setdefault(name, []).append((s, e, n, (d - s) * 1e3, (e - d) * 1e3))
    labels = {}
    for r in ds.dataset(out, format="parquet", exclude_invalid_files=True).to_table(columns=["path", "top"]).to_pylist():
        labels[os.path.basename(r["path"])] = synset[r["top"][0]]
    return workers, labels


def loads(stamps):
    """Returns the longest time that a worker took to import the engine and load the model, in seconds."""
    rows = [line.split(",") for name in glob.glob(stamps + "/*.csv") for line in open(name) if line.startswith("load")]
    return round(max(float(r[2]) - float(r[1]) for r in rows), 2)


def rates(workers):
    all_batches = [b for w in workers.values() for b in w]
    frames = sum(b[2] for b in all_batches)
    first, last = min(b[0] for b in all_batches), max(b[1] for b in all_batches)
    real = [w for w in workers.values() if sum(b[2] for b in w) > frames * 0.05]
    a, z = max(min(b[1] for b in w) for w in real), min(max(b[1] for b in w) for w in real)
    def between(a, z):
        return sum(b[2] for w in real for b in w if a < b[1] <= z) / (z - a) if z > a else float("nan")
    return frames, first, last, between(a, z), between((a + z) / 2, z), \
        sum(b[3] for b in all_batches) / frames, sum(b[4] for b in all_batches) / frames, len(real)


def one(name, a, synset, reference):
    number = time.strftime("%H%M%S")
    safe = name.replace(":", "_").replace("=", "-").replace("/", "-")
    out, stamps = f"{a.work}/{safe}-{number}", f"{a.work}/stamps-{safe}-{number}"
    os.makedirs(stamps, exist_ok=True)
    words, env = command(name, a, out)
    env = {**os.environ, **env, "PEER_STAMPS": stamps}
    log = open(f"{a.work}/{safe}-{number}.log", "w")
    peak, stop = [0.0], threading.Event()
    cpu = os.times()
    began = time.time()
    process = subprocess.Popen(words, env=env, stdout=log, stderr=log, start_new_session=True)

    def watch():
        while not stop.wait(0.5):
            peak[0] = max(peak[0], pss(process.pid))
    watcher = threading.Thread(target=watch)
    if a.memory:
        watcher.start()
    try:
        rc = process.wait(timeout=a.timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        rc = process.wait()
    ended = time.time()
    after = os.times()
    stop.set()
    if a.memory:
        watcher.join()
    row = {"name": name, "wall_s": round(ended - began, 2), "rc": rc, "at": time.strftime("%H:%M:%S"),
           "cpu_s": round(after.children_user + after.children_system - cpu.children_user - cpu.children_system, 1),
           "mem_mb": round(peak[0]) if a.memory else ""}
    if rc == 0:
        load = "" if is_tandem(name) else loads(stamps)
        workers, labels = tandem_times(out) if is_tandem(name) else peer_times(stamps, out, synset)
        frames, first, last, busy, late, decode, forward, seen = rates(workers)
        row |= {"frames": frames, "fl_s": round(last - first, 2), "fl_fps": round(frames / (last - first), 1),
                "busy_fps": round(busy, 1), "late_fps": round(late, 1), "load_s": load, "before_s": round(first - began, 2), "after_s": round(ended - last, 2),
                "decode_ms": round(decode, 2), "forward_ms": round(forward, 2), "workers_seen": seen}
        if name.split(":")[2] == "fp32" and is_tandem(name) and not reference:
            reference.update(labels)
            json.dump(labels, open(a.work + "/reference.json", "w"))
        if reference:
            row["agree"] = round(sum(labels.get(k) == v for k, v in reference.items()) / len(reference), 4)
    if not a.keep:
        shutil.rmtree(stamps, ignore_errors=True)
    if rc == 0 and not a.keep:
        shutil.rmtree(out, ignore_errors=True)
    return row


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--tandem", required=True)
    p.add_argument("--before")
    p.add_argument("--frames", required=True)
    p.add_argument("--work", required=True)
    p.add_argument("--csv", required=True)
    p.add_argument("--memory", action="store_true")
    p.add_argument("--keep", action="store_true")
    p.add_argument("--timeout", type=float, default=180)
    p.add_argument("names", nargs="+")
    a = p.parse_args()
    os.makedirs(a.work, exist_ok=True)
    synset = open(a.tandem + "/data/models/efficientnet-lite0/synset.txt").read().splitlines()
    reference = {}
    if os.path.exists(a.work + "/reference.json"):
        reference = json.load(open(a.work + "/reference.json"))
    new = not os.path.exists(a.csv)
    with open(a.csv, "a", newline="") as f:
        writer = csv.DictWriter(f, FIELDS)
        if new:
            writer.writeheader()
        for name in a.names:
            try:
                row = one(name, a, synset, reference)
            except Exception as e:
                row = {"name": name, "rc": f"harness: {type(e).__name__} {e}"[:150]}
            writer.writerow(row)
            f.flush()
            print(" ".join(f"{k}={row[k]}" for k in FIELDS if row.get(k, "") != ""), flush=True)


if __name__ == "__main__":
    main()
