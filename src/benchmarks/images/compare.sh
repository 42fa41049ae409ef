#!/usr/bin/env bash
# Compares how Tandem decodes the images below some folders with how Pillow does:
#
#   compare.sh CHECKOUT FOLDER...
#
# CHECKOUT must be built. PYTHON is a Python with pillow and numpy (default: python3). Prints a line for each file
# that only one of both reads, or whose pixels differ by 3 of 255 or more on average, and then the counts.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$1" && pwd)
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find "$@" -type f -size +0 | grep -iE '\.(jpe?g|png|webp|gif|bmp|tiff?)$' | grep -v '	' | sort >"$work/list"
class_path=$(ls "$checkout"/target/tandem-*.jar "$checkout"/target/natives/*.jar | paste -sd:):$checkout/target/spark/jars/*
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx3g -cp "$class_path" "$here/Decode.java" "$work" <"$work/list" >"$work/outcomes"
"${PYTHON:-python3}" "$here/compare.py" "$work/list" "$work" "$work/outcomes"
