#!/usr/bin/env bash
# Compares the start of a short job with that of an empty Spark job: infer on the 4 bundled photos, and an empty job
# with the same JVM options, class path and class archive, interleaved.
#
#   run.sh [ROUNDS]        prints each round, then medians (minimum to maximum); default 6 rounds
#   BEFORE=CHECKOUT        also measures infer of another checkout of Tandem
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tandem=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

infer() { "$1/submit.sh" infer --frames "$tandem/data/photos" --output "$work/run-$RANDOM$RANDOM" 2>/dev/null; }

infer "$tandem" >/dev/null
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tandem
while [ -n "$(find "$cache" -name '*.work' 2>/dev/null)" ]; do sleep 1; done

# Captures the Java command of submit.sh, to replace its main class.
cat >"$work/java" <<'JAVA'
#!/usr/bin/env bash
printf '%s\0' "$@" >"$EMPTY_JOB_WORDS"
JAVA
chmod +x "$work/java"
java=$(readlink -f "${JAVA_HOME:+$JAVA_HOME/bin/java}" 2>/dev/null || true)
java=${java:-$(readlink -f "$(command -v java)")}
mkdir -p "$work/jdk/bin"
mv "$work/java" "$work/jdk/bin/java"
cp "$(dirname "$(dirname "$java")")/release" "$work/jdk/release"
EMPTY_JOB_WORDS=$work/words JAVA_HOME=$work/jdk "$tandem/submit.sh" --version
words=()
while IFS= read -r -d '' word; do words+=("$word"); done <"$work/words"
for i in "${!words[@]}"; do
  if [ "${words[$i]}" = -cp ]; then
    path=${words[$((i + 1))]}
    words=("${words[@]:0:$i}")
    break
  fi
done
"$(dirname "$java")/javac" -d "$work" -cp "$path" "$here/EmptyJob.java"
empty() { "$java" "${words[@]}" -cp "$path:$work" EmptyJob; }

now() { date +%s%N; }
timed() { # name, command: prints the seconds until its first line, and until its end
  local name=$1 from first=
  shift
  from=$(now)
  "$@" 2>/dev/null | { IFS= read -r _ && now >"$work/first"; cat >/dev/null; }
  first=$(cat "$work/first")
  awk -v n="$name" -v a="$from" -v b="$first" -v c="$(now)" 'BEGIN { printf "%s %.2f %.2f\n", n, (b - a) / 1e9, (c - a) / 1e9 }' |
    tee -a "$work/times"
}
for _ in $(seq "${1:-6}"); do
  timed empty empty
  timed infer infer "$tandem"
  [ -z "${BEFORE:-}" ] || timed before infer "$BEFORE"
done
python3 - "$work/times" <<'PY'
import statistics, sys
rows = {}
for line in open(sys.argv[1]):
    name, first, end = line.split()
    rows.setdefault(name, []).append((float(first), float(end)))
def show(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"
for name, times in rows.items():
    empty = [e for _, e in rows["empty"]]
    print(f"{name:7} first line {show([f for f, _ in times])} s, end {show([e for _, e in times])} s; "
          f"by an empty job's end: {show([f / e for (f, _), e in zip(times, empty)])}, {show([t / e for (_, t), e in zip(times, empty)])}")
PY
