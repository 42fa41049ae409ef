#!/usr/bin/env bash
# Runs Tandem: ./submit.sh [spark-submit options] COMMAND [options]; ./submit.sh --help tells more.
# Uses the Spark of SPARK_HOME or of spark-submit on the path; else one that Maven brings.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export TANDEM_HOME=$here

wrong() {
  echo "$*" >&2
  exit 2
}

# --- Java: Spark starts on 17 and 21, and on no later one.
java=${JAVA_HOME:+$JAVA_HOME/bin/java}
java=${java:-$(command -v java || true)}
[ -n "$java" ] && [ -x "$java" ] ||
  wrong "No Java found${JAVA_HOME:+ at JAVA_HOME=$JAVA_HOME}. Install a JDK 17 or 21, and set JAVA_HOME to it."
version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
[ "${version:-0}" -ge 17 ] && [ "$version" -le 21 ] ||
  wrong "Spark runs on Java 17 or 21; $java is Java ${version:-unknown}. Set JAVA_HOME to one of them."

# --- Names of files need not be English.
[ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8
[ -t 2 ] && export TANDEM_TERMINAL=1

# --- spark-submit's options stand before the command.
spark_options=()
master=
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | --version | -V) break ;;
    --master | --conf | -c | --properties-file)
      [ $# -gt 1 ] || wrong "$1 takes a value"
      case $1=$2 in --master=* | --properties-file=* | *=spark.master=*) master=given ;; esac
      spark_options+=("$1" "$2")
      shift 2
      ;;
    --master=* | --properties-file=* | --conf=spark.master=*)
      master=given
      spark_options+=("$1")
      shift
      ;;
    --*=* | --verbose | -v | --supervise | --usage-error)
      spark_options+=("$1")
      shift
      ;;
    -*)
      [ $# -gt 1 ] || wrong "$1 takes a value, and then comes the command; see ./submit.sh --help"
      spark_options+=("$1" "$2")
      shift 2
      ;;
    *) break ;;
  esac
done

# --- Build what is not built yet, or older than its sources.
jar=$(ls "$here"/target/tandem-*.jar 2>/dev/null | head -n 1 || true)
if [ -f "$here/pom.xml" ] && { [ -z "$jar" ] || [ ! -d "$here/target/natives" ] ||
  [ -n "$(find -L "$here/pom.xml" "$here/src/main" -newer "$jar" -print -quit)" ]; }; then
  echo "Building Tandem; the first time this fetches Spark and libtorch, some 500 MB." >&2
  log=$here/target/build.log
  mkdir -p "$here/target"
  if ! (cd "$here" && JAVA_HOME=${JAVA_HOME:-} ./mvnw -B -ntp -Dmaven.test.skip=true package) >"$log" 2>&1; then
    grep '^\[ERROR\]' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
    echo "The build failed; $log has all of it." >&2
    exit 1
  fi
  jar=$(ls "$here"/target/tandem-*.jar | head -n 1)
fi
natives=$here/target/natives

# --- Spark: the user's own, or the one in target/spark.
own_spark=$here/target/spark
core_of() { basename "$(ls "$1"/jars/spark-core_*.jar 2>/dev/null | head -n 1)" .jar; }
if [ -z "${SPARK_HOME:-}" ] && command -v spark-submit >/dev/null; then
  SPARK_HOME=$(cd "$(dirname "$(readlink -f "$(command -v spark-submit)")")/.." && pwd)
fi
if [ -n "${SPARK_HOME:-}" ] && [ -x "$SPARK_HOME/bin/spark-submit" ]; then
  theirs=$(core_of "$SPARK_HOME")
  ours=$(core_of "$own_spark")
  [ "${theirs%.*}" = "${ours%.*}" ] ||
    wrong "$SPARK_HOME has $theirs, but this Tandem was built with $ours. Unset SPARK_HOME, or build for that line: ./mvnw -Pspark-3.5 package"
  grep -qs '^ *spark\.master' "${SPARK_CONF_DIR:-$SPARK_HOME/conf}/spark-defaults.conf" && master=given
else
  SPARK_HOME=$own_spark
  SPARK_SCALA_VERSION=$(core_of "$own_spark" | sed 's/spark-core_\([0-9.]*\)-.*/\1/')
  export SPARK_SCALA_VERSION
fi
export SPARK_HOME

# --- Locally the native jars are on the class path; a cluster gets them with the application.
case ${master:-local}${spark_options[*]+ ${spark_options[*]}} in
  *local-cluster*) on_cluster=yes ;;
  local* | *"--master local"* | *"--master=local"* | *spark.master=local*) on_cluster= ;;
  *) on_cluster=yes ;;
esac
if [ -z "$on_cluster" ]; then
  tandem_options=(--driver-class-path "$here/conf:$jar:$natives/*" --driver-memory 2g)
else
  tandem_options=(--driver-class-path "$here/conf" --jars "$(ls "$natives"/*.jar | paste -sd, -)")
fi
[ -n "$master" ] || tandem_options+=(--conf spark.tandem.master=auto)

submit=(--class io.tandem.cli.Main "${tandem_options[@]}" ${spark_options[@]+"${spark_options[@]}"} "$jar" "$@")
if [ "$SPARK_HOME" != "$own_spark" ]; then
  exec "$SPARK_HOME/bin/spark-submit" "${submit[@]}"
fi

# --- Without a Spark installed, Spark's launcher says how its java is called: a line, then the
# words of the command, each ended by a zero byte.
command=()
while IFS= read -r -d '' word; do
  word=${word#$'\n'}
  # This module serves Spark's machine learning only, and the JVM warns of it at every start.
  [ -z "$word" ] || [ "$word" = --add-modules=jdk.incubator.vector ] || command+=("$word")
done < <("$java" -Xmx128m -cp "$own_spark/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "${submit[@]}")
[ ${#command[@]} -gt 0 ] || wrong "Spark's launcher did not understand: ${submit[*]}"
exec "${command[@]}"
