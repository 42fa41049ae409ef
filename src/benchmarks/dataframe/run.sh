#!/usr/bin/env bash
# Compares FrameInference and the data source with infer, in turns:
#
#   run.sh FRAMES [ROUNDS] [MODEL]   prints the seconds of each round, then speeds as ratios to infer's:
#                                    median (minimum to maximum); default 6 rounds, the bundled model
#
# infer, path, binary and source share one session, in a JVM with submit.sh's options; plain is transform of a path
# column in a session with Spark's own defaults, in a JVM with those that Spark needs on Java 17 alone.
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
  if [ "$1" = plain ]; then
    echo path >&5
    read -r seconds <&6 || { tail -5 "$work/plain.log" >&2; exit 1; }
  else
    echo "$1" >&3
    read -r seconds <&4 || { tail -5 "$work/infer.log" >&2; exit 1; }
  fi
  echo "$1 $seconds"
}
for kind in infer path binary source plain infer path binary source plain; do ask "$kind" >/dev/null; done
for _ in $(seq "${2:-6}"); do
  for kind in infer path plain infer binary source; do ask "$kind"; done
done | tee times
exec 3>&- 5>&-
python3 - times <<'PY'
import statistics, sys
rows = {}
for line in open(sys.argv[1]):
    name, seconds = line.split()
    rows.setdefault(name, []).append(float(seconds))
pairs = {"path": 0, "plain": 0, "binary": 1, "source": 1}  # which of the round's two runs of infer is beside it
for name, beside in pairs.items():
    ratios = [rows["infer"][2 * i + beside] / seconds for i, seconds in enumerate(rows[name])]
    print("%-7s %.3f (%.3f to %.3f) of infer's speed" % (name, statistics.median(ratios), min(ratios), max(ratios)))
PY
