#!/bin/sh
# Takes these files from another version of swagger-ui-dist on npm: ./update.sh 5.35.0
# Afterwards name the version in README.md and run the tests: they compare these checksums, and look at the page.
set -eu
cd "$(dirname "$0")"
files="swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt swagger-ui.css favicon-32x32.png LICENSE NOTICE"
pack=$(mktemp -d)
trap 'rm -r "$pack"' EXIT
npm pack --silent --pack-destination "$pack" "swagger-ui-dist@$1"
tar -xzf "$pack/swagger-ui-dist-$1.tgz" -C "$pack"
for file in $files; do cp "$pack/package/$file" . && chmod 644 "$file"; done
# shellcheck disable=SC2086
sha256sum $files > SHA256SUMS
