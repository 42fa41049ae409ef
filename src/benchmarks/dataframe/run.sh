#!/usr/bin/env bash
# Compares FrameInference and the data source with infer, in turns:
#
#   run.sh FRAMES [ROUNDS] [MODEL]   prints the seconds of each round, then speeds as ratios to infer's:
#                                    median (minimum to maximum); default 6 rounds, the bundled model
#
# path is a column of paths; files and binary are the paths and the bytes that binaryFile gives, with "+" where
# spark.sql.files.openCostInBytes lets Spark make partitions of more files; source is the data source. They share
# infer's session, in a JVM with submit.sh's options. With "plain" before it, a session has Spark's own defaults, in a
# JVM with the options alone that Spark needs on Java 17.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tandem=$(cd "$here/../../.." && pwd)
frames=$(readlink -f "$1")
model=${3:-$tandem/data/models/efficientnet-lite0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
class_path=$work/classes:$(ls "$tandem"/target/tandem-*.jar "$tandem"/target/natives/*.jar | paste -sd:):$tandem/target/spark/jars/*
mkdir "$work/classes"
"${JAVA_HOME:+$JAVA_HOME/bin/}javac" -nowarn -cp "$class_path" -d "$work/classes" "$here/Speed.java"
opens=()
for package in lang lang.invoke lang.reflect io net nio util util.concurrent util.concurrent.atomic; do
  opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done
for package in jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
cd "$work"
mkfifo ask-infer answer-infer ask-plain answer-plain
MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=1073741824 MALLOC_TOP_PAD_=67108864 OMP_NUM_THREADS=1 \
  "$java" -Xmx2g -XX:+UseParallelGC -Xms512m -Xmn300m -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.25 \
  -XX:ReservedCodeCacheSize=256m -XX:MetaspaceSize=256m "${opens[@]}" -cp "$class_path" \
  Speed "$frames" "$model" "$work" infer <ask-infer >answer-infer 2>"$work/infer.log" &
"$java" -Xmx1g "${opens[@]}" -cp "$class_path" \
  Speed "$frames" "$model" "$work" plain <ask-plain >answer-plain 2>"$work/plain.log" &
exec 3>ask-infer 4<answer-infer 5>ask-plain 6<answer-plain
ask() {
  if [[ $1 = plain-* ]]; then
    echo "${1#plain-}" >&5
    read -r seconds <&6 || { tail -5 "$work/plain.log" >&2; exit 1; }
  else
    echo "$1" >&3
    read -r seconds <&4 || { tail -5 "$work/infer.log" >&2; exit 1; }
  fi
  echo "$1 $seconds"
}
kinds="path files files+ infer binary binary+ source infer plain-path plain-files plain-files+"
for kind in infer $kinds $kinds; do ask "$kind" >/dev/null; done
for _ in $(seq "${2:-6}"); do
  for kind in infer $kinds; do ask "$kind"; done
done | tee times
exec 3>&- 5>&-
python3 - times <<'PY'
import statistics, sys
rows = {}
for line in open(sys.argv[1]):
    name, seconds = line.split()
    rows.setdefault(name, []).append(float(seconds))
for name in rows:
    if name == "infer":
        continue
    # A round has three runs of infer: before the first kinds, before the next, and before the last.
    run = {"path": 0, "files": 0, "files+": 0, "binary": 1, "binary+": 1, "source": 1}.get(name, 2)
    ratios = [rows["infer"][3 * i + run] / seconds for i, seconds in enumerate(rows[name])]
    print("%-12s %.3f (%.3f to %.3f) of infer's speed" % (name, statistics.median(ratios), min(ratios), max(ratios)))
PY
