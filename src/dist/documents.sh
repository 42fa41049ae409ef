#!/usr/bin/env bash
# Writes what only the archive has: CHANGELOG.md, from git; README.md and docs/, whose links are those of
# an unpacked archive. -Pdist calls it: src/dist/documents.sh FOLDER VERSION
set -euo pipefail
to=${1:?the folder to write to}
version=${2:?the version}
cd "$(dirname "$0")/../.."
mkdir -p "$to"

# --- The pages, in docs/. A link to a file that only the source tree has becomes text.
readable() { # folder from which paths to the archive's root go up: "" or ../
  sed -E \
    -e 's#\]\((\.\./\.\./\.\./)?src/site/markdown/#](docs/#g' \
    -e 's#\[([^]]*)\]\((\.\./\.\./\.\./)?(\.github|src/benchmarks)/[^)]*\)#\1 (in the source tree)#g' \
    -e 's#\]\((src|\.\./\.\.)/main/resources/reference\.conf\)#]('"$1"'reference.conf)#g' \
    -e 's#\]\(\.\./\.\./\.\./#]('"$1"'#g' \
    -e 's#target/(tandem-[^ ]*\.jar)#lib/\1#g'
}
mkdir -p "$to/docs"
readable '' <README.md >"$to/README.md"
for page in src/site/markdown/*.md; do
  readable ../ <"$page" >"$to/docs/${page##*/}"
done

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
      $2 !~ / / { printf("- %s `%s` %s\n", $3, $4, $5) } # A merge has two parents, and adds nothing.
    '
}

{
  printf '# What changed\n\n'
  if ! [ -e .git ] || ! command -v git >/dev/null; then
    printf '## %s\n\nBuilt outside of a git checkout: the commits are unknown.\n' "$version"
  else
    commits
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
      printf '\nOlder commits are unknown: this was built from a shallow clone.\n'
    fi
  fi
} >"$to/CHANGELOG.md"
