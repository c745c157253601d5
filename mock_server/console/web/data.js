// The rows of the world: users, labels, and invites with their sub-invites and bookings.
import { call, part } from "./api.js";
import { badge, chip, el, empty, facts, heading, soon, swap, table } from "./dom.js";
import { field, filled, form, input } from "./form.js";
import { plural, when } from "./format.js";
import { say } from "./say.js";

export const title = "Data";

const LIMIT = 500;
const PARTS = { invites, users, labels };

export async function show(root, page, { rest, signal }) {
  let [chosen] = rest;
  const body = el("div", { class: "groups" });
  const tabs = el("ul");
  const draw = async () => {
    const state = await read(page.world, signal);
    const name = Object.hasOwn(PARTS, chosen) ? chosen : "invites";
    swap(
      tabs,
      Object.keys(PARTS).map((one) =>
        el(
          "li",
          {},
          el(
            "a",
            { href: `#/data/${one}`, "data-key": one, "aria-current": one === name ? "true" : null },
            capital(one),
            el("span", { class: "count" }, ` ${state[one].total}`),
          ),
        ),
      ),
    );
    const { items, total } = state[name];
    swap(
      body,
      items.length ? PARTS[name](items, state, page) : empty(`No ${name} in ${page.world}.`),
      items.length < total && el("p", { class: "hint" }, `These are the first ${items.length} of ${total}.`),
    );
  };
  root.append(
    heading(title, `What ${page.world} holds now. It follows every change.`),
    el("nav", { class: "tabs", "aria-label": "Kind of data" }, tabs),
    body,
  );
  await draw();
  follow(page, signal, draw);
  return ([next]) => {
    chosen = next;
    return draw();
  };
}

export const read = (world, signal) => call("GET", `/worlds/${part(world)}/state`, { query: { limit: LIMIT }, signal });

// Draws again when a request may have changed something, but not under the hands of whoever fills in a form.
export function follow({ live }, signal, draw) {
  const typing = () => document.activeElement.matches("main form input");
  const again = soon(300, () => signal.aborted || (typing() ? again() : draw()));
  const changes = ({ method, status }) => method !== "GET" && status < 400;
  live.addEventListener("entries", ({ detail }) => detail.some(changes) && again(), { signal });
}

function users(items) {
  const labelled = ({ labels }) =>
    labels?.length > 0 &&
    el(
      "span",
      { class: "chips" },
      labels.map(({ name, color }) => chip(name, color)),
    );
  const standing = ({ status }) => (status === "active" ? "active" : badge(status, "warn"));
  const rows = items.map((user) => [
    user.name,
    el("code", {}, user.id),
    user.email,
    user.role,
    standing(user),
    labelled(user),
  ]);
  return table("Users", ["Name", "Id", "Email", "Role", "Status", "Labels"], rows);
}

function labels(items) {
  const rows = items.map((label) => [
    chip(label.name, label.color),
    el("code", {}, label.id),
    label.description ?? "",
    when(label.createdAt),
  ]);
  return table("Labels", ["Label", "Id", "Description", "Created"], rows);
}

function invites(items, state, page) {
  const names = namesOf(state);
  const subs = Map.groupBy(
    items.filter((invite) => invite.kind === "sub"),
    (invite) => invite.motherInviteId,
  );
  const roots = items.filter((invite) => invite.kind !== "sub");
  const orphans = [...subs].filter(([mother]) => !roots.some((root) => root.id === mother)).flatMap(([, some]) => some);
  const below = (mother) => {
    const own = subs.get(mother.id) ?? [];
    if (mother.kind !== "mother") return null;
    if (!own.length) return el("p", { class: "hint" }, "No sub-invite issued yet.");
    return el(
      "details",
      { "data-key": `subs of ${mother.id}` },
      el("summary", {}, plural(own.length, "sub-invite")),
      el(
        "ul",
        { class: "subs" },
        own.map((sub) => el("li", {}, invite(sub, names, page))),
      ),
    );
  };
  return el(
    "ul",
    { class: "cards wide" },
    [...roots, ...orphans].map((root) => el("li", { class: "card" }, invite(root, names, page), below(root))),
  );
}

export function namesOf({ users: { items: people }, labels: { items: marks } }) {
  return {
    users: new Map(people.map(({ id, name }) => [id, name])),
    labels: new Map(marks.map((label) => [label.id, label])),
  };
}

function invite(one, names, page) {
  const {
    id,
    kind,
    status,
    meeting,
    candidates = [],
    booking,
    recruiterUserId,
    requiredAttendees = [],
    voteDeadlineAt,
    publicLinkValue,
  } = one;
  const attendees = requiredAttendees.flatMap(({ userIds = [], labelIds = [] }) => [
    ...userIds.map((user) => el("span", { class: "chip" }, names.users.get(user) ?? user)),
    ...labelIds.map((label) => chip(names.labels.get(label)?.name ?? label, names.labels.get(label)?.color)),
  ]);
  return el(
    "div",
    { class: "invite" },
    el("h3", {}, meeting.title, badge(kind), badge(status, { active: "good", expired: "warn" }[status] ?? "")),
    el("p", { class: "id" }, el("code", {}, id), ` · ${meeting.meetingDurationMinutes} minutes`),
    facts([
      ["Recruiter", names.users.get(recruiterUserId) ?? recruiterUserId],
      ["Candidates", candidates.map(({ name, email }) => name ?? email).join(", ")],
      ["Attendees", attendees.length ? el("span", { class: "chips" }, attendees) : null],
      ["Deadline", when(voteDeadlineAt)],
      ["Public link", publicLinkValue],
      ["Booked for", booking && el("a", { href: `#/calendar/${booking.startAt.slice(0, 10)}` }, when(booking.startAt))],
    ]),
    status === "active" && kind !== "mother" && book(one, page),
  );
}

// The candidate's part, on the invite's public page.
function book({ id, candidates }, { world }) {
  const start = input("startAt", { type: "datetime-local", required: true });
  const booked = async (data) => {
    const { startAt } = filled(data);
    await call("POST", `/worlds/${part(world)}/invites/${part(id)}/booking`, {
      body: { startAt: `${startAt}:00.000Z` },
    });
    say(`Booked as ${candidates[0]?.name ?? "the candidate"}`);
    dispatchEvent(new HashChangeEvent("hashchange"));
  };
  return el(
    "details",
    { "data-key": `book ${id}` },
    el("summary", {}, "Book as the candidate"),
    form({ class: "inline" }, [field("Start (UTC)", start)], "Book", booked),
  );
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);
