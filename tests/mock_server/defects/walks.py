"""For every rule, a few requests whose answers differ once the rule is broken."""

from dataclasses import dataclass, field
from typing import Any

ADA, MARTA, ALAN, EDITH, RIVAL = "usr_ada", "usr_marta", "usr_alan", "usr_edith", "usr_gx_ada"
TRIO = (ADA, MARTA, ALAN)
YEAR = "from=2030-01-01T00:00:00Z&to=2030-12-01T00:00:00Z"


@dataclass(frozen=True)
class Step:
    """A request. `who` is a persona, nobody (None), or `key:...`, `bearer:...`, `token:<flaw>` of Alan.

    `{name}` in the path or body stands for the id that an earlier step kept under this name.
    """

    who: str | None
    line: str
    body: Any = None
    keep: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    host: str = "localhost"
    control: bool = False


def get(*paths: str, by: tuple[str, ...] = (ADA,)) -> tuple[Step, ...]:
    """Reads, by each of some."""
    return tuple(Step(who, f"GET {path}") for who in by for path in paths)


def control(line: str, body: Any = None) -> Step:
    """A request to the control API."""
    return Step(None, line, body, control=True)


def label(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "color": "#0F766E", **more}


def invite(**more: Any) -> dict[str, Any]:
    return {
        "requiredAttendees": [{"type": "users", "userIds": [ALAN]}],
        "candidates": [{"name": "Ivy", "email": "ivy@c.example"}],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"title": "Talk", "meetingDurationMinutes": 30, "location": "Here", "description": "Long"},
        **more,
    }


def mother(**more: Any) -> dict[str, Any]:
    return invite(allowMultipleBookings=True, candidates=[], **more)


def meeting(**more: Any) -> dict[str, Any]:
    return {"title": "Talk", "startAt": "2030-05-20T09:00:00Z", "endAt": "2030-05-20T10:00:00Z", **more}


def window(*users: str, start: str = "2030-05-15T09:40:00Z", end: str = "2030-05-15T10:20:00Z") -> dict[str, Any]:
    return {"userIds": list(users), "startAt": start, "endAt": end}


def guests(number: int) -> list[dict[str, str]]:
    return [{"name": f"Guest {one}", "email": f"guest{one}@c.example"} for one in range(number)]


LISTS = (
    "/invites?includeSubInvites=true",
    f"/meetings?{YEAR}",
    "/labels?x",
    "/users?x",
    "/invites/inv_mother/sub-invites?x",
)
LISTS = tuple(one.removesuffix("x") for one in LISTS)


def queries(*queries: str, lists: tuple[str, ...] = LISTS, by: tuple[str, ...] = TRIO) -> tuple[Step, ...]:
    return get(*(f"{path}&{query}".replace("?&", "?").rstrip("&?") for path in lists for query in queries), by=by)


SAMPLE = (
    *get(
        "/invites", "/invites/inv_mother", "/invites/inv_booked", "/openapi.json", "/nothing", "/invites/nope", by=TRIO
    ),
    Step(None, "GET /labels"),
    Step(ADA, "PUT /labels"),
    Step(ADA, "GET /invites/inv_mother/other"),
    Step(ADA, "POST /labels", label("Sample"), keep="label"),
    Step(ADA, "POST /labels", label("sample")),
    Step(ADA, "POST /labels", label("x" * 300)),
    Step(ADA, "POST /labels", content=b"{"),
    Step(ADA, "DELETE /labels/{label}"),
    Step(ADA, "GET /labels?page=x"),
)

READS = (*get("/invites", "/labels", "/users", f"/meetings?{YEAR}"),)

WALKS: dict[str, tuple[Step, ...]] = {
    "ENV": SAMPLE,
    "ERR": SAMPLE,
    "ERR-08": (
        Step(ADA, "POST /labels", content=b'{"name":"a","color":"#000000"}', headers={"Content-Type": "text/plain"}),
    ),
    "ERR-09": (Step(ADA, "POST /labels", content=b" " * 1_048_577),),
    "ERR-11": (
        Step(ADA, "PATCH /invites/inv_active", {"meeting": {"title": "Other"}, "nope": 1}),
        Step(ADA, "GET /invites/inv_active"),
        Step(ADA, "POST /labels", label("Engineering")),
        Step(ADA, "GET /labels"),
    ),
    "ERR-12": (
        Step(ADA, "PATCH /invites/nope", {"nope": 1}),
        Step(MARTA, "POST /labels", {"color": 1}),
    ),
    "STR-01": queries("nope=1"),
    "STR-02": queries("page=0&page=1"),
    "STR-03": (Step(ADA, "POST /labels", label("New", nope=1)),),
    "STR-04": (
        Step(ADA, "POST /labels", content=b'{"name":"a","name":"b","color":"#000000"}'),
        Step(ADA, "POST /labels", content=b'{"name":"\xff","color":"#000000"}'),
    ),
    "STR-05": (
        Step(ADA, "POST /labels", label("x" * 300)),
        Step(ADA, "POST /labels", {"name": "Red", "color": "red"}),
        Step(ADA, "POST /labels", {"name": "None"}),
    ),
    "STR-06": (
        Step(ADA, "POST /meetings", meeting(startAt="2030-05-20T09:00:00+02:00", endAt="2030-05-20T10:00:00+02:00")),
        Step(ADA, "POST /meetings", meeting(endAt="2030-02-31T10:00:00Z", startAt="2030-02-30T10:00:00Z")),
        Step(ADA, "GET /meetings?from=2030-02-30T00:00:00Z&to=2030-04-01T00:00:00Z"),
    ),
    "AUTH-01": (
        Step(None, "GET /labels"),
        Step(None, "POST /meetings/mtg_upcoming/availability", window(ALAN)),
    ),
    "AUTH-02": (Step("key:kly_acme_ada_test_key", "GET /labels"),),
    "AUTH-03": (Step("bearer:kly_acme_ada_test_key", "GET /labels"),),
    "AUTH-04": get("/invites", by=TRIO),
    "AUTH-05": (Step("token:microsoft", "GET /invites"),),
    "AUTH-06": (Step("key:kly_unknown", "GET /labels"), Step("bearer:nonsense", "GET /invites")),
    "AUTH-07": tuple(
        Step(f"token:{flaw}", "GET /invites")
        for flaw in ("expired", "not-yet-valid", "wrong-audience", "wrong-issuer", "bad-signature", "alg-none")
    ),
    "AUTH-08": (Step("key:kly_acme_ada_revoked_key", "GET /labels"),),
    "AUTH-09": (Step("key:kly_acme_boris_test_key", "GET /users"), Step("key:kly_acme_ada_test_key", "GET /users")),
    "AUTH-10": (Step("usr_dora", "GET /invites"), Step("key:kly_acme_konrad_test_key", "GET /invites")),
    "AUTH-11": (
        Step(ADA, "GET /labels", headers={"X-API-Key": "kly_acme_ada_test_key"}),
        Step(ADA, "GET /labels", headers={"X-API-Key": "kly_wrong"}),
        Step("bearer:nonsense", "GET /labels", headers={"X-API-Key": "kly_acme_ada_test_key"}),
    ),
    "AUTH-12": (control("POST /worlds/acme/api-keys", {"name": "Mine", "createdByUserId": MARTA}),),
    "TEN-01": (Step(RIVAL, "GET /labels", host="acme.localhost"),),
    "TEN-02": (
        *get("/invites/inv_gx_active"),
        Step(ADA, "PATCH /invites/inv_gx_active", {"meeting": {"title": "Taken"}}),
        Step(RIVAL, "GET /invites/inv_gx_active"),
    ),
    "TEN-03": queries("", by=(ADA,)),
    "TEN-04": (
        Step(ADA, "POST /meetings", meeting(requiredAttendees=["usr_gx_alan"])),
        Step(ADA, "PUT /users/usr_alan/labels", {"labelIds": ["lbl_gx_unused"]}),
    ),
    "ROLE-01": get("/labels", by=TRIO),
    "ROLE-02": (
        Step(MARTA, "POST /labels", label("Mine")),
        Step(ALAN, "DELETE /labels/lbl_unused"),
        *get("/labels"),
    ),
    "ROLE-03": (
        Step(MARTA, "GET /users"),
        Step(ALAN, "PUT /users/usr_alan/labels", {"labelIds": ["lbl_unused"]}),
        *get("/users"),
    ),
    "ROLE-04": (
        Step(ALAN, "POST /meetings", meeting()),
        Step(MARTA, "POST /meetings/mtg_upcoming/availability", window(ALAN)),
    ),
    "ROLE-05": (
        Step(ALAN, "PATCH /meetings/mtg_upcoming", {"hostUserId": EDITH}),
        Step(MARTA, "PATCH /meetings/mtg_past", {"hostUserId": EDITH}),
        *get(f"/meetings?{YEAR}"),
    ),
    "ROLE-06": get("/invites/inv_active_admin", "/invites/nope", by=(ALAN,)),
    "OWN-01": get("/invites", "/invites?attendeeUserIds=usr_alan", by=(ALAN,)),
    "OWN-02": get(f"/meetings?{YEAR}", by=(ALAN,)),
    "OWN-03": (
        Step(ALAN, "GET /invites/inv_active_admin"),
        Step(ALAN, "PATCH /invites/inv_active_admin", {"meeting": {"title": "Mine"}}),
        Step(ALAN, "POST /invites/inv_mother_bare/sub-invites", {"candidate": {"name": "J", "email": "j@c.example"}}),
        *get("/invites/inv_active_admin"),
    ),
    "OWN-04": (
        Step(ALAN, "PATCH /meetings/mtg_alone", {"title": "Mine"}),
        Step(ALAN, "PATCH /meetings/mtg_workshop_a/attendees", {"optionalAttendees": [ALAN]}),
        Step(ALAN, "POST /meetings/mtg_alone/availability", window(ALAN)),
        *get(f"/meetings?{YEAR}"),
    ),
    "OWN-05": (*get("/invites", by=(MARTA,)), Step(MARTA, "PATCH /invites/inv_active", {"meeting": {"title": "Ours"}})),
    "PAGE": queries(
        "", "pageSize=2&page=1", "pageSize=3", "page=99", "pageSize=101", "page=-1", "page=01", "page=1000001"
    ),
    "SORT": (
        *queries("", "", "sort=nope:asc", "sortDir=asc", by=(ADA,)),
        *queries(
            "sort=title:asc",
            "sort=title:desc",
            "sort=title:desc",
            "sort=title:desc,createdAt:desc",
            "sort=title:desc,createdAt:asc",
            "sortBy=title",
            "sortBy=title&sortDir=desc",
            "sort=title",
            "sort=title:asc,title:desc",
            "sort=title:asc&sortBy=title",
            lists=("/invites?includeSubInvites=true",),
            by=(ADA,),
        ),
    ),
    "FILT": queries(
        "attendeeUserIds=usr_marta",
        "attendeeUserIds=usr_alan,usr_marta",
        "labelIds=lbl_engineering",
        "labelIds=lbl_engineering,lbl_sales",
        "labelIds=lbl_engineering&attendeeUserIds=usr_edith",
        "labelIds=nope",
        "labelIds=",
        "labelIds=lbl_sales,lbl_sales",
        lists=("/invites?", f"/meetings?{YEAR}"),
        by=(ADA, MARTA),
    ),
    "INV-01": (Step(ADA, "POST /invites", mother()),),
    "INV-02": (Step(ADA, "POST /invites", invite()),),
    "INV-03": (Step(ADA, "POST /invites", invite(), keep="one"), *get("/invites/{one}", "/invites")),
    "INV-04": (
        Step(ADA, "POST /invites", invite(candidates=[])),
        Step(ADA, "POST /invites", {**mother(), "candidates": invite()["candidates"]}),
    ),
    "INV-05": (Step(ADA, "POST /invites", mother(publicLinkValue="product/tour")),),
    "INV-06": (Step(ADA, "POST /invites", invite(voteDeadlineAt="2030-01-01T00:00:00Z")),),
    "INV-07": (Step(ADA, "POST /invites", invite(requiredAttendees=[{"type": "users", "userIds": ["nope"]}])),),
    "INV-08": get("/invites", "/invites?includeSubInvites=true"),
    "INV-09": get("/invites/inv_booked", "/invites/inv_expired"),
    "INV-10": (
        *get("/invites/inv_booked"),
        Step(ADA, "PATCH /meetings/mtg_booked", {"title": "Moved"}),
        *get("/invites/inv_booked"),
    ),
    "INV-11": (
        Step(ADA, "PATCH /invites/inv_active", {"meeting": {"title": "Other"}}),
        Step(ADA, "PATCH /invites/inv_active", {"voteDeadlineAt": "2031-01-01T00:00:00Z"}),
        *get("/invites/inv_active"),
    ),
    "INV-12": (Step(ADA, "PATCH /invites/inv_sub_active", {"meeting": {"title": "Other"}}),),
    "INV-13": (Step(ADA, "PATCH /invites/inv_booked", {"meeting": {"title": "Other"}}),),
    "INV-14": (Step(ADA, "PATCH /invites/inv_active", {"publicLinkValue": "some/link"}),),
    "INV-15": (Step(ADA, "PATCH /invites/inv_active", {}), Step(ADA, "PATCH /meetings/mtg_upcoming", {})),
    "INV-16": get("/invites/inv_mother"),
    "SUB-01": (
        Step(ADA, "POST /invites/inv_mother/sub-invites", {"candidate": {"name": "J", "email": "j@c.example"}}),
    ),
    "SUB-02": (
        Step(ADA, "PATCH /invites/inv_mother", {"requiredAttendees": [{"type": "users", "userIds": [ADA]}]}),
        *get("/invites/inv_sub_active"),
    ),
    "SUB-03": (
        Step(ADA, "PATCH /invites/inv_mother", {"voteDeadlineAt": "2031-01-01T00:00:00Z"}),
        *get("/invites/inv_sub_active_own"),
    ),
    "SUB-04": tuple(
        Step(ADA, f"POST /invites/{one}/sub-invites", {"candidate": {"name": "J", "email": "j@c.example"}})
        for one in ("inv_active", "inv_mother_expired")
    ),
    "SUB-05": get("/invites/inv_mother/sub-invites"),
    "SUB-06": get("/invites/inv_active/sub-invites"),
    "MTG-01": get("/meetings?from=2030-05-01T00:00:00Z"),
    "MTG-02": get(
        "/meetings?from=2030-05-15T10:00:00Z&to=2030-05-16T10:00:00Z",
        "/meetings?from=2030-05-15T10:10:00Z&to=2030-05-16T10:00:00Z",
    ),
    "MTG-03": get(
        "/meetings?from=2030-06-01T00:00:00Z&to=2030-05-01T00:00:00Z",
        "/meetings?from=2030-01-01T00:00:00Z&to=2032-01-01T00:00:00Z",
    ),
    "MTG-04": get(f"/meetings?{YEAR}&pageSize=2"),
    "MTG-05": get(f"/meetings?{YEAR}"),
    "MTG-06": (Step(ADA, "POST /meetings", meeting(hostUserId=ALAN)),),
    "MTG-07": (Step(ADA, "POST /meetings", meeting()), *get(f"/meetings?{YEAR}")),
    "MTG-08": (
        Step(ADA, "POST /meetings", meeting(startAt="2030-01-01T09:00:00Z", endAt="2030-01-01T10:00:00Z")),
        Step(ADA, "POST /meetings", meeting(endAt="2030-05-25T10:00:00Z")),
        Step(ADA, "POST /meetings", meeting(endAt="2030-05-20T08:00:00Z")),
    ),
    "MTG-09": (Step(ADA, "POST /meetings", meeting(guests=guests(20))),),
    "MTG-10": (Step(ADA, "POST /meetings", meeting(requiredAttendees=[ALAN], optionalAttendees=[ALAN])),),
    "MTG-11": (Step(ADA, "POST /meetings", meeting(requiredAttendees=["nope"])),),
    "MTG-12": (
        *get(f"/meetings?{YEAR}"),
        Step(ADA, "PATCH /meetings/mtg_upcoming", {"title": "Other"}),
        *get(f"/meetings?{YEAR}"),
    ),
    "MTG-13": (Step(ADA, "PATCH /meetings/mtg_upcoming", {"hostUserId": EDITH}),),
    "MTG-14": (
        Step(ADA, "PATCH /meetings/mtg_upcoming", {"title": "Other"}),
        Step(ADA, "PATCH /meetings/mtg_upcoming/attendees", {"optionalAttendees": [ADA]}),
    ),
    "MTG-15": (
        Step(ADA, "PATCH /meetings/mtg_past", {"title": "Other"}),
        Step(ADA, "PATCH /meetings/mtg_past/attendees", {"optionalAttendees": [ADA]}),
    ),
    "MTG-16": (Step(ADA, "PATCH /meetings/mtg_upcoming/attendees", {"optionalAttendees": [ADA]}),),
    "AVL": (
        Step(ADA, "POST /meetings/mtg_alone/availability", window(EDITH, ALAN)),
        Step(ADA, "POST /meetings/mtg_alone/availability", window("usr_boris", ALAN)),
        Step(
            ADA,
            "POST /meetings/mtg_upcoming/availability",
            window(EDITH, start="2030-05-16T10:00:00Z", end="2030-05-16T11:00:00Z"),
        ),
        Step(
            ADA,
            "POST /meetings/mtg_alone/availability",
            window(EDITH, start="2030-05-15T11:30:00Z", end="2030-05-15T12:00:00Z"),
        ),
        Step(ADA, "POST /meetings/mtg_alone/availability", window(EDITH, end="2030-05-15T08:00:00Z")),
        Step(ADA, "POST /meetings/mtg_alone/availability", window(EDITH, "nope")),
    ),
    "LBL-01": (Step(ADA, "POST /labels", label("Fresh", description="Told")), *get("/labels")),
    "LBL-02": (Step(ADA, "POST /labels", label("ENGINEERING")),),
    "LBL-03": (Step(ADA, "DELETE /labels/lbl_hiring"),),
    "LBL-04": (Step(ADA, "DELETE /labels/lbl_sales"),),
    "LBL-05": (Step(ADA, "DELETE /labels/lbl_workshop"),),
    "LBL-06": (Step(ADA, "DELETE /labels/lbl_unused"), *get("/labels")),
    "LBL-07": (Step(ADA, "DELETE /labels/nope"),),
    "USR-01": get("/users"),
    "USR-02": (
        Step(ADA, "PUT /users/usr_alan/labels", {"labelIds": ["lbl_unused"]}),
        Step(ADA, "PUT /users/usr_alan/labels", {"labelIds": []}),
    ),
    "USR-03": (Step(ADA, "PUT /users/usr_alan/labels", {"labelIds": ["lbl_unused", "nope"]}), *get("/users")),
    "USR-04": (Step(ADA, "PUT /users/nope/labels", {"labelIds": []}),),
    "DOC-01": (Step(None, "GET /openapi.json"),),
    "DOC-02": (Step(None, "GET /api/docs"),),
}


def walk(rule: str) -> tuple[Step, ...]:
    """The requests for a rule."""
    return WALKS[rule] if rule in WALKS else WALKS[rule.partition("-")[0]]
