#!/usr/bin/env bash
# Runs Tandem: ./submit.sh [spark-submit options] COMMAND [options]; ./submit.sh --help lists them.
# Uses the Spark of SPARK_HOME or of spark-submit on the path; otherwise the bundled one.
# Is in a source checkout, which it builds, or in an unpacked tandem-<version>.tar.gz.
set -euo pipefail

wrong() {
  echo "$*" >&2
  exit 2
}

# --- The folder of Tandem, with symbolic links resolved.
script=${BASH_SOURCE[0]}
while [ -L "$script" ]; do
  folder=$(cd "$(dirname "$script")" && pwd)
  script=$(readlink "$script")
  case $script in /*) ;; *) script=$folder/$script ;; esac
done
here=$(cd "$(dirname "$script")" && pwd)
export TANDEM_HOME=$here
case $here in
  *:*) wrong "Tandem is in $here; Java's class path takes no folder with a colon in its name. Move it to another one." ;;
esac

# --- export is a Python program; it needs neither Java nor Spark.
if [ "${1:-}" = export ]; then
  shift
  scripts=$here/lib/python
  [ ! -f "$here/pom.xml" ] || scripts=$here/src/main/python
  exec "$scripts/export.sh" "$@"
fi

# Spark variables of the user's environment: if there are any, spark-submit has to read them.
sparks_environment=$(compgen -e SPARK_ || true)

# --- Java: Spark starts on 17 to 21, not on later versions.
java=${JAVA_HOME:+$JAVA_HOME/bin/java}
java=${java:-$(command -v java || true)}
[ -n "$java" ] && [ -x "$java" ] ||
  wrong "No Java found${JAVA_HOME:+ at JAVA_HOME=$JAVA_HOME}. Install a JDK 17 or 21, and set JAVA_HOME to it."
java_release=$(dirname "$(dirname "$(readlink -f "$java" || echo "$java")")")/release
if [ -f "$java_release" ]; then # Starting a JVM for its version takes longer.
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_release")
else
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
fi
[ "${version:-0}" -ge 17 ] && [ "$version" -le 21 ] ||
  wrong "Spark runs on Java 17 or 21; $java is Java ${version:-unknown}. Set JAVA_HOME to one of them."

# --- UTF-8 for file names; whether standard error is a terminal.
if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
  for utf8 in C.UTF-8 C.utf8 en_US.UTF-8; do
    [ "$(LC_ALL=$utf8 locale charmap 2>/dev/null)" = UTF-8 ] && export LC_ALL=$utf8 && break
  done
fi
unset TANDEM_TERMINAL
[ -t 2 ] && export TANDEM_TERMINAL=1

# --- Arguments before the command are passed to spark-submit; the first word that is a command begins
# Tandem's arguments. The value of an option may equal a command if the option is parsed here, if a command
# follows it (--queue benchmark benchmark), or with an equals sign (--queue=benchmark).
spark_options=()
master=
jars=
class_path=
take() { # name and value of an option
  case $1=$2 in
    --conf=*=* | -c=*=*) case $2 in spark.master=*) master=${2#*=} ;; esac ;;
    --conf=* | -c=*)
      wrong "--conf $2 comes before the command, where it is spark-submit's and takes key=value; Tandem's --conf FILE comes after the command"
      ;;
    --driver-memory=* | --executor-memory=*)
      [[ $2 =~ ^[1-9][0-9]*([bB]|[kKmMgGtTpP][bB]?)?$ ]] || wrong "$1 takes a size such as 4g, not: $2"
      ;;
    --master=*) master=$2 ;;
    --properties-file=*) master=${master:-in $2} ;;
    --jars=*) jars=$2 && return ;;
    --driver-class-path=*) class_path=$2 && return ;;
    --class=*) wrong "--class $2: Tandem has its own" ;;
  esac
  spark_options+=("$1" "$2")
}
words=("$@")
is_command() { case $1 in benchmark | infer | summarize | compare) ;; *) return 1 ;; esac }
before=
while [ $# -gt 0 ]; do
  if is_command "$1"; then
    case $before in -*) is_command "${2:-}" || break ;; *) break ;; esac
  fi
  [ -n "$1" ] || wrong "there is an empty word before the command; remove it"
  before=$1
  case $1 in
    --help | -h | --version | -V) break ;;
    --master | --properties-file | --jars | --driver-class-path | --conf | -c | --class | \
      --driver-memory | --executor-memory)
      [ $# -gt 1 ] || wrong "$1 takes a value"
      take "$1" "$2"
      before=
      shift 2
      ;;
    --*=*) before= && take "${1%%=*}" "${1#*=}" && shift ;;
    *) spark_options+=("$1") && shift ;;
  esac
done
if [ $# -eq 0 ] && [ ${#words[@]} -gt 0 ]; then
  case ${words[0]} in
    -*) wrong "there is no command after spark-submit's options: benchmark, infer, summarize or compare; see ./submit.sh --help" ;;
    *) set -- "${words[@]}" && spark_options=() ;; # Tandem lists its commands.
  esac
fi

# --- The folder of jars and Spark: target/ in a source checkout, this folder in an unpacked archive.
if [ -f "$here/pom.xml" ]; then
  parts=$here/target
  lib=$parts
  remedy="build it again: ./mvnw clean package"
  other_line="build for that line: ./mvnw -Pspark-3.5 clean package"
else
  parts=$here
  lib=$here/lib
  remedy="unpack the archive again"
  other_line="unpack the archive made for that line"
fi
natives=$parts/natives
own_spark=$parts/spark
newest() { ls -t "$1"/$2 2>/dev/null | head -n 1 || true; } # folder, pattern
jar=$(newest "$lib" 'tandem-*.jar')

# --- Build if there is no build, or if it is older than the sources.
if [ -f "$here/pom.xml" ] && { [ -z "$jar" ] || [ ! -d "$natives" ] || [ ! -d "$own_spark" ] ||
  [ -n "$(find -L "$here/pom.xml" "$here/src/main" -name python -prune -o -newer "$jar" -print -quit)" ]; }; then
  log=$parts/build.log
  mkdir -p "$parts"
  if [ -d "$own_spark" ]; then
    echo "Building Tandem again; the log is $log." >&2
  else
    echo "Building Tandem. The first time this fetches Spark, libtorch and ONNX Runtime, some 550 MB; the log is $log." >&2
  fi
  if ! (cd "$here" && ./mvnw -B -ntp -Dmaven.test.skip=true package) >"$log" 2>&1; then
    grep '^\[ERROR\]' "$log" | grep -v 'Help\|re-run\|Re-run\|For more information\|^\[ERROR\] *$' | uniq | head -n 8 >&2 || true
    echo "The build failed; the log is $log." >&2
    exit 1
  fi
  jar=$(newest "$lib" 'tandem-*.jar')
fi
need() { [ -n "$(newest "$1" "$2")" ] || wrong "$1/$2 is missing: $remedy"; }
need "$lib" 'tandem-*.jar'
need "$natives" '*.jar'
need "$own_spark/jars" 'spark-core_*.jar'

# --- Spark: the one of SPARK_HOME; otherwise that of spark-submit on the path, if it is of the same
# release line; otherwise the bundled one.
core_of() { basename "$(newest "$1/jars" 'spark-core_*.jar')" .jar; }
ours=$(core_of "$own_spark")
same_line() { [ "${1%.*}" = "${ours%.*}" ]; }
if [ -n "${SPARK_HOME:-}" ]; then
  [ -x "$SPARK_HOME/bin/spark-submit" ] || wrong "SPARK_HOME=$SPARK_HOME has no bin/spark-submit. Unset it, and Tandem uses a Spark of its own."
  same_line "$(core_of "$SPARK_HOME")" ||
    wrong "SPARK_HOME=$SPARK_HOME has $(core_of "$SPARK_HOME"), but this Tandem was built with $ours. Unset SPARK_HOME, or $other_line"
elif command -v spark-submit >/dev/null; then
  found=$(command -v spark-submit)
  [ -L "$found" ] && found=$(cd "$(dirname "$found")" && cd "$(dirname "$(readlink "$found")")" && pwd)/spark-submit
  found=$(cd "$(dirname "$found")/.." && pwd)
  if same_line "$(core_of "$found")"; then
    SPARK_HOME=$found
  else
    echo "The spark-submit in $found is ignored: this Tandem was built with $ours." >&2
  fi
fi
if [ -z "${SPARK_HOME:-}" ]; then
  SPARK_HOME=$own_spark
  SPARK_SCALA_VERSION=$(echo "$ours" | sed 's/spark-core_\([0-9.]*\)-.*/\1/')
  export SPARK_SCALA_VERSION
elif [ -z "$master" ]; then
  defaults=${SPARK_CONF_DIR:-$SPARK_HOME/conf}/spark-defaults.conf
  master=$(sed -n 's/^[[:space:]]*spark\.master[[:space:]=]*//p' "$defaults" 2>/dev/null | head -n 1 || true)
fi
export SPARK_HOME

# --- The JVM. Lanes run native code: the second-tier compiler (C2) would take more CPU time from them
# than it saves. A large initial metaspace avoids collections to grow it. With C1 alone, the default code
# cache is 48 MB; a benchmark's queries fill it, and the JVM fails. (Measurements:
# src/site/markdown/performance.md.)
jvm_options=(-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.25 -XX:ReservedCodeCacheSize=256m -XX:MetaspaceSize=256m)
collector=(-XX:+UseParallelGC -Xms512m -Xmn300m)

# --- Without these, glibc returns each array above 32 MB to the system, which clears its pages for the next
# forward pass: a quarter of the time of large batches. (src/site/markdown/rationale.md)
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-1073741824}
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-1073741824}
export MALLOC_TOP_PAD_=${MALLOC_TOP_PAD_:-67108864}

# --- In local mode without options for Spark, Tandem starts as a plain Java program: without the JVM
# of Spark's launcher, and with a class archive (see below).
joined() { local IFS=: && echo "$*"; }
run_directly() { # the command and its options
  local path
  path=$(joined "$jar" "$natives"/*.jar "$own_spark"/jars/*.jar)
  [ -z "$(newest "$here/conf" '*-site.xml')" ] || path=$here/conf:$path
  case ${TANDEM_JAVA_OPTIONS:-} in *-XX:+Use*GC*) collector=() ;; esac
  local options=(-Xmx2g ${collector[@]+"${collector[@]}"} "${jvm_options[@]}" -XX:+IgnoreUnrecognizedVMOptions
    --add-opens=java.base/{java.lang,java.lang.invoke,java.lang.reflect,java.io,java.net,java.nio}=ALL-UNNAMED
    --add-opens=java.base/{java.util,java.util.concurrent,java.util.concurrent.atomic}=ALL-UNNAMED
    --add-opens=java.base/{jdk.internal.ref,sun.nio.ch,sun.nio.cs,sun.security.action,sun.util.calendar}=ALL-UNNAMED
    --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED
    -Djdk.reflect.useDirectMethodHandle=false -Dio.netty.tryReflectionSetAccessible=true
    -Dlog4j2.configurationFile="$here/conf/log4j2.properties")
  use_class_archive "$path" "${1:-}"
  # TANDEM_JAVA_OPTIONS is last, so that it overrides the other options.
  # shellcheck disable=SC2086
  exec "$java" "${options[@]}" ${archive_options[@]+"${archive_options[@]}"} ${TANDEM_JAVA_OPTIONS:-} -cp "$path" io.tandem.cli.Main "$@"
}

# Loading some 15,000 classes takes half of a short job's time. The JVM can map them from an archive
# (class data sharing). The first infer or benchmark lists the classes that it loads, and the archive is
# made in the background after its end. Its name is a checksum of Java, jars and options, and the JVM
# checks that it fits. TANDEM_CLASS_ARCHIVE=off disables it.
archive_options=()
use_class_archive() { # class path, command
  local cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}/tandem place key archive
  place=$(cksum <<<"$here") && place=${place%% *}
  key=$({ cat "$java_release" 2>/dev/null || echo "$version" && ls -lL "$jar" "$natives" "$own_spark/jars" &&
    echo "$1 ${jvm_options[*]}"; } | cksum) && key=${key%% *}
  archive=$cache/classes-$place-$key.jsa
  case ${TANDEM_CLASS_ARCHIVE:-on}:${HOME:+home}${XDG_CACHE_HOME:-} in off:* | *:) return ;; esac
  # Agents and recordings transform classes at load time.
  case ${TANDEM_JAVA_OPTIONS:-}${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-} in *agent* | *FlightRec*) return ;; esac
  archive_options=(-Xshare:auto -Xlog:disable -Xlog:all=error:stderr)
  if [ -f "$archive" ]; then
    archive_options+=("-XX:SharedArchiveFile=$archive")
    return
  fi
  case ${2:-} in infer | benchmark) ;; *) return ;; esac
  # The process that creates the folder makes the archive; a folder older than an hour is stale.
  local work=$archive.work
  mkdir -p "$cache" 2>/dev/null || return 0
  [ -z "$(find "$work" -maxdepth 0 -mmin +60 2>/dev/null)" ] || rm -rf "$work"
  mkdir "$work" 2>/dev/null || return 0
  archive_options+=("-XX:DumpLoadedClassList=$work/classes")
  make_class_archive "$1" "$archive" "$work" "$cache/classes-$place-" </dev/null >/dev/null 2>&1 &
}

# Waits for the end of this process, by then the JVM. Discards the class lists of failed calls, and
# Java's warnings and errors: the archive is optional. A benchmark would measure this work too, so it
# waits for benchmarks of this folder, and begins again after one.
make_class_archive() { # class path, archive, work folder, prefix of this installation's archives
  trap '' HUP
  while kill -0 $$; do sleep 1; done
  # Omits generated method handle classes: JDK 17 puts them into the archive, and crashes on them later.
  if grep -q '^io/tandem/report/\(InferText\|HtmlReport\)$' "$3/classes" &&
    grep -v '^@lambda-form-invoker\|BoundMethodHandle[$]Species' "$3/classes" >"$3/kept"; then
    until dump_classes "$@"; do
      while benchmark_runs; do sleep 5; done
    done
    if [ -s "$3/done" ]; then
      rm -f "$4"*.jsa
      mv "$3/archive" "$2"
    fi
  fi
  rm -rf "$3"
}

# Fails if a benchmark runs; the file "done" tells whether the archive is complete.
dump_classes() { # class path, archive, work folder
  local dump
  if benchmark_runs; then return 1; fi
  nice -n 19 "$java" -Xshare:dump -XX:SharedClassListFile="$3/kept" -XX:SharedArchiveFile="$3/archive" \
    -XX:+UseG1GC -Xmx1g "${jvm_options[@]}" -cp "$1" &
  dump=$!
  while kill -0 "$dump"; do
    if benchmark_runs; then
      kill "$dump"
      wait "$dump"
      return 1
    fi
    sleep 1
  done
  if wait "$dump"; then echo yes >"$3/done"; fi
}

benchmark_runs() {
  pgrep -f "${here//[!a-zA-Z0-9\/_-]/.}.*io[.]tandem[.]cli[.]Main benchmark"
}

if [ "$SPARK_HOME" = "$own_spark" ] && [ ${#spark_options[@]} -eq 0 ] &&
  [ -z "$master$jars$class_path$sparks_environment" ]; then
  run_directly "$@"
fi

# --- In local mode the native jars are on the class path; a cluster receives them with --jars.
case ${master:-local} in
  local | local\[*)
    class_path=$here/conf:$jar:$natives/*${class_path:+:$class_path}
    tandem_options=(--driver-memory 2g --conf "spark.driver.defaultJavaOptions=${jvm_options[*]}" ${jars:+--jars "$jars"})
    ;;
  *)
    class_path=$here/conf${class_path:+:$class_path}
    tandem_options=(--jars "$(ls "$natives"/*.jar | paste -sd, -)${jars:+,$jars}")
    ;;
esac
[ -n "$master" ] || tandem_options+=(--conf spark.tandem.master=auto)

submit=(--class io.tandem.cli.Main --driver-class-path "$class_path" "${tandem_options[@]}"
  ${spark_options[@]+"${spark_options[@]}"} "$jar" "$@")
if [ "$SPARK_HOME" != "$own_spark" ]; then
  exec "$SPARK_HOME/bin/spark-submit" "${submit[@]}"
fi

# --- Without an installed Spark: Spark's launcher prints the Java command, a line and then its words,
# each terminated by a zero byte. It reports invalid options on standard error.
command=()
refusal=$(mktemp)
while IFS= read -r -d '' word; do
  word=${word#$'\n'}
  # Only Spark's machine learning uses this module, and the JVM prints a warning about it at each start.
  [ -z "$word" ] || [ "$word" = --add-modules=jdk.incubator.vector ] || command+=("$word")
done < <("$java" -Xmx128m -cp "$own_spark/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "${submit[@]}" 2>"$refusal")
refused=$(sed -n 's/^Error: //p' "$refusal" | head -n 1)
[ -n "$refused" ] || cat "$refusal" >&2
rm -f "$refusal"
[ -z "$refused" ] || wrong "spark-submit, before the command: $refused. Tandem's own options come after the command, see ./submit.sh --help"
[ ${#command[@]} -gt 1 ] || wrong "Spark's launcher gave no command for: ${submit[*]}"
exec "${command[@]}"
