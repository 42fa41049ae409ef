#!/usr/bin/env bash
# Writes the labels and probabilities that a checkout of Tandem predicts for the bundled frames and photos and for
# the test images, with each JPEG library, as CSV. GoldenTest compares with src/test/resources/golden/labels.csv:
#
#   make.sh CHECKOUT FILE
#
# CHECKOUT must be built, and libturbojpeg installed; Golden.java in this folder reads the run folders.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tandem=$(cd "$here/../../.." && pwd)
checkout=$(cd "$1" && pwd)
file=$(realpath -m "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

runs=()
for library in ffmpeg turbojpeg; do
  for set in data/frames data/photos src/test/resources/images src/test/resources/jpegs; do
    name=$library-${set##*/}
    "$checkout/submit.sh" infer --frames "$tandem/$set" --output "$work/$name" \
      --set frames.jpeg-library=$library >/dev/null
    runs+=("$name" "$work/$name")
  done
done

jars=$checkout/target/spark/jars
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
opens=()
for package in java.lang java.lang.invoke java.nio java.util sun.nio.ch sun.util.calendar; do
  opens+=(--add-opens "java.base/$package=ALL-UNNAMED")
done
"$java" "${opens[@]}" -cp "$jars/*:$checkout/conf" "$here/Golden.java" "$file" "${runs[@]}"
echo "$(($(wc -l <"$file") - 1)) rows in $file"
