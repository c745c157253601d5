#!/bin/sh
# A test in any language that speaks HTTP: a world of its own, calls, what came, and its end.
#   sh example.sh, while kailenty-mock serves
set -eu

mock=${KAILENTY_MOCK_URL:-http://127.0.0.1:8080}
# Whoever names a world knows its credentials: key kly_acme_ada_test_key of acme is kly_<name>_ada_test_key here.
world=shell-$$
ada="X-API-Key: kly_${world}_ada_test_key"

# control METHOD PATH [BODY]: a request to the control API
control() {
  curl --silent --show-error --fail-with-body -X "$1" "$mock/_mock$2" \
    ${KAILENTY_MOCK_CONTROL_TOKEN:+-H "Authorization: Bearer $KAILENTY_MOCK_CONTROL_TOKEN"} \
    ${3:+-H "Content-Type: application/json" -d "$3"}
}

# create_label: what is under test; prints the status
create_label() {
  curl --silent -o /dev/null -w '%{http_code}' "$mock/api/v1/app/labels" -H "$ada" \
    -H "Content-Type: application/json" -d '{"name": "Platform", "color": "#336699"}'
}

# expect WANTED FOUND
expect() {
  [ "$1" = "$2" ] || { echo "expected $1, got $2" >&2; exit 1; }
}

control POST /worlds "{\"workspace\": \"$world\", \"clock\": {\"now\": \"2030-05-15T10:00:00Z\", \"frozen\": true}}" >/dev/null
trap 'control DELETE "/worlds/$world" >/dev/null' EXIT

expect 201 "$(create_label)"
# There is one of that name now.
expect 409 "$(create_label)"

control POST "/worlds/$world/faults" '{"kind": "server-error", "status": 503, "times": 1}' >/dev/null
expect 503 "$(create_label)"

control PUT "/worlds/$world/clock" '{"advanceSeconds": 86400}' >/dev/null
control POST "/worlds/$world/invites/inv_active/booking" '{"startAt": "2030-05-17T09:00:00Z"}' >/dev/null

control POST /requests/verify "{\"match\": {\"workspace\": \"$world\", \"operationId\": \"createLabel\"}, \"count\": 3}" |
  grep -q '"satisfied":true' || { echo "expected three requests" >&2; exit 1; }
echo "passed"
