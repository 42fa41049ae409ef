#!/usr/bin/env bash
# Writes what only the archive has: CHANGELOG.md, out of git; and README.md and performance.md, whose
# paths are those of an unpacked archive. -Pdist calls it: src/dist/documents.sh FOLDER VERSION
set -euo pipefail
to=${1:?the folder to write to}
version=${2:?the version}
cd "$(dirname "$0")/../.."
mkdir -p "$to"

cp src/site/markdown/performance.md "$to/performance.md"
sed -e 's|(src/main/resources/reference.conf)|(reference.conf)|' \
  -e 's|(src/site/markdown/performance.md)|(performance.md)|' \
  -e 's|target/\(tandem-[^ ]*\.jar\)|lib/\1|g' README.md >"$to/README.md"

# --- A heading for each tag, and a line for each commit, the newest first.
commits() {
  local newest=$version
  [ -z "$(git tag --merged HEAD)" ] || newest=Unreleased
  # Digits and dates do not depend on who builds, or where: the archive is the same, byte for byte.
  git log --decorate-refs='refs/tags/*' --abbrev=10 --format='%D%x09%P%x09%cs%x09%h%x09%s' |
    awk -F '\t' -v newest="$newest" '
      function heading(text) { printf("%s## %s\n\n", NR > 1 ? "\n" : "", text) }
      { tags = gsub(/tag: /, "", $1) }
      tags { heading($1 ", " $3) }
      NR == 1 && !tags { heading(newest) }
      $2 !~ / / { printf("- %s `%s` %s\n", $3, $4, $5) } # A merge has two parents, and tells nothing new.
    '
}

{
  printf '# What changed\n\n'
  if ! [ -e .git ] || ! command -v git >/dev/null; then
    printf '## %s\n\nBuilt outside of a git checkout: the commits are not known here.\n' "$version"
  else
    commits
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
      printf '\nOlder commits are not known: this was built from a shallow clone.\n'
    fi
  fi
} >"$to/CHANGELOG.md"
