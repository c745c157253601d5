// The world's meetings, a week at a time. On a phone the days follow each other.
import { badge, button, chip, el, facts, heading, outside, swap } from "./dom.js";
import { follow, namesOf, read } from "./data.js";
import { clock, day, days, longDay, when } from "./format.js";
import { dialog } from "./say.js";

export const title = "Calendar";

const DAY = 86_400_000;
const MINUTE = 60_000;
const HOURS = [8, 18]; // shown at least

export async function show(root, page, { rest, signal }) {
  const now = Date.parse(page.now().now);
  let monday = weekOf(Date.parse(rest[0]) || now);
  const week = el("div");
  const name = el("h2", { "aria-live": "polite" });
  const draw = async () => {
    const state = await read(page.world, signal);
    name.textContent = days(monday, monday + 6 * DAY);
    swap(week, ...grid(monday, now, state));
  };
  const go = (to) => {
    monday = weekOf(to);
    return draw();
  };
  root.append(
    heading(title, `The meetings of ${page.world}, in UTC.`),
    el(
      "div",
      { class: "weeks" },
      button("Previous week", () => go(monday - 7 * DAY)),
      button("This week", () => go(now)),
      button("Next week", () => go(monday + 7 * DAY)),
      name,
    ),
    week,
  );
  await draw();
  follow(page, signal, draw);
  return ([date]) => go(Date.parse(date) || now);
}

function weekOf(time) {
  const midnight = Math.floor(time / DAY) * DAY;
  return midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * DAY;
}

function grid(monday, now, state) {
  const { items, total } = state.meetings;
  const names = namesOf(state);
  const days = Array.from({ length: 7 }, (_, index) => monday + index * DAY);
  const parts = days.map((start) => lanes(items.flatMap((meeting) => within(meeting, start))));
  const all = parts.flat();
  if (!all.length) return [away(monday, items)];
  const first = Math.min(HOURS[0], ...all.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(HOURS[1], ...all.map(({ to }) => Math.ceil(to / 60)));
  const hours = Array.from({ length: last - first }, (_, index) =>
    el("li", {}, `${String(first + index).padStart(2, "0")}:00`),
  );
  const columns = days.map((start, index) => column(start, parts[index], { first, now, names }));
  const week = el("div", { class: "week" }, el("ol", { class: "hours", "aria-hidden": "true" }, hours), columns);
  week.style.setProperty("--hours", last - first);
  return [
    week,
    items.length < total && el("p", { class: "hint" }, `Of ${total} meetings the first ${items.length} are looked at.`),
  ];
}

// What of a meeting lies in a day, in minutes of it.
function within(meeting, start) {
  const from = Math.max(0, (Date.parse(meeting.startAt) - start) / MINUTE);
  const to = Math.min(DAY / MINUTE, (Date.parse(meeting.endAt) - start) / MINUTE);
  return from < to ? [{ meeting, from, to }] : [];
}

// Meetings at the same time lie beside each other: each gets a lane, and how many lanes its group has.
function lanes(some) {
  const sorted = some.sort((one, other) => one.from - other.from || other.to - one.to);
  let group = [];
  let ends = [];
  const close = () => group.forEach((one) => (one.lanes = ends.length));
  for (const one of sorted) {
    if (ends.every((end) => end <= one.from)) {
      close();
      [group, ends] = [[], []];
    }
    const free = ends.findIndex((end) => end <= one.from);
    one.lane = free < 0 ? ends.length : free;
    ends[one.lane] = one.to;
    group.push(one);
  }
  close();
  return sorted;
}

function column(start, parts, { first, now, names }) {
  const today = Math.floor(now / DAY) * DAY === start;
  const line = today && el("li", { class: "present", "aria-hidden": "true" });
  if (line) line.style.setProperty("--from", (now - start) / MINUTE - first * 60);
  return el(
    "section",
    { class: parts.length ? "day" : "day free", "aria-label": longDay(start) },
    el("h3", { class: today ? "today" : null }, longDay(start)),
    el(
      "ol",
      {},
      parts.map((one) => event(one, first, names)),
      line,
    ),
  );
}

function event({ meeting, from, to, lane, lanes: count }, first, names) {
  const { id, title: name, startAt, endAt, hostUserId } = meeting;
  const host = names.users.get(hostUserId) ?? hostUserId;
  const text = [el("b", {}, name), el("span", {}, `${clock(startAt)}–${clock(endAt)}`), el("span", {}, host)];
  const kinds = [meeting.inviteId && "booked", to - from < 45 && "short", count > 2 && "narrow"].filter(Boolean);
  const item = el(
    "li",
    { class: kinds.join(" "), title: `${name}, ${clock(startAt)}–${clock(endAt)}` },
    button(text, () => open(meeting, names), { "data-key": `${id} ${from}` }),
  );
  const place = { "--from": from - first * 60, "--to": to - first * 60, "--lane": lane, "--lanes": count };
  for (const [property, value] of Object.entries(place)) item.style.setProperty(property, value);
  return item;
}

function open(meeting, names) {
  const people = (ids) => (ids ?? []).map((id) => names.users.get(id) ?? id).join(", ");
  dialog(
    meeting.title,
    facts([
      ["Starts", when(meeting.startAt)],
      ["Ends", when(meeting.endAt)],
      ["Host", people([meeting.hostUserId])],
      ["Recruiter", people([meeting.recruiterUserId])],
      ["Required", people(meeting.requiredAttendees)],
      ["Optional", people(meeting.optionalAttendees)],
      ["Guests", (meeting.guests ?? []).map(({ name, email }) => `${name} <${email}>`).join(", ")],
      [
        "Labels",
        meeting.labelIds?.length
          ? el(
              "span",
              { class: "chips" },
              meeting.labelIds.map((id) => chip(names.labels.get(id)?.name ?? id, names.labels.get(id)?.color)),
            )
          : null,
      ],
      ["Location", meeting.location],
      ["Description", meeting.description],
      ["Invite", meeting.inviteId && badge(meeting.inviteId)],
      ["Id", el("code", {}, meeting.id)],
      ["Outlook event", meeting.outlookEventId],
      ["Teams", outside(meeting.teamsJoinUrl)],
    ]),
  );
}

// Where the meetings are, when none is in the week.
function away(monday, items) {
  const starts = items.map(({ startAt }) => startAt).sort();
  const next =
    starts.find((start) => Date.parse(start) >= monday + 7 * DAY) ??
    starts.findLast((start) => Date.parse(start) < monday);
  return el(
    "p",
    { class: "empty" },
    "No meeting in this week. ",
    next &&
      el(
        "a",
        { href: `#/calendar/${next.slice(0, 10)}` },
        `Go to the ${Date.parse(next) < monday ? "last" : "next"} one, ${day(next)}.`,
      ),
  );
}
