// The live list of requests beside the explanation of one of them.
import { call, part, Refused } from "./api.js";
import { badge, button, el, empty, heading, swap } from "./dom.js";
import { explanation } from "./explanation.js";
import { exact, plural } from "./format.js";
import { act, confirmed } from "./say.js";

export const title = "Requests";

const REPORT_EVERY = 3000; // so that a busy stream does not chatter
const SHOWN = 200;

export async function show(root, page, { rest, signal }) {
  const { live } = page;
  let [requestId] = rest;
  const list = el("ol", { class: "entries", "aria-label": "Requests, newest first", on: { keydown: walk } });
  const older = button("Load older", (event) => act(event.target, () => live.older()));
  const count = el("p", { class: "count" });
  const filter = el("input", {
    type: "search",
    id: "filter",
    value: kept.filter,
    placeholder: "labels usr_alan 403 ROLE-01",
    autocomplete: "off",
    spellcheck: "false",
  });
  const refused = el("input", { type: "checkbox", checked: kept.refused });
  const ours = el("input", { type: "checkbox", checked: kept.ours });
  const pause = button(
    "Pause",
    () => {
      paused = paused ? null : live.entries.slice();
      draw();
    },
    { "aria-pressed": "false" },
  );
  const detail = el("article", { class: "detail" });
  const split = el("div", { class: "split" }, el("div", { class: "side" }, list, older), detail);
  let paused = null;

  const draw = () => {
    Object.assign(kept, { filter: filter.value, refused: refused.checked, ours: ours.checked });
    const wanted = matcher(filter.value, refused.checked, ours.checked ? page.world : null);
    const known = paused ?? live.entries;
    const found = known.filter(wanted);
    const waiting = paused ? live.entries.findIndex((entry) => entry === paused[0]) : 0;
    pause.setAttribute("aria-pressed", String(paused !== null));
    pause.textContent = paused ? `Resume${waiting > 0 ? ` (${waiting} new)` : ""}` : "Pause";
    count.textContent =
      found.length === known.length
        ? plural(found.length, "request")
        : `${found.length} of ${plural(known.length, "request")}`;
    older.hidden = live.ended || paused !== null;
    swap(
      list,
      found.slice(0, SHOWN).map((entry) => row(entry, entry.requestId === requestId)),
    );
    if (!found.length) list.append(el("li", {}, nothing(known.length, live.off)));
  };

  root.append(
    heading(
      title,
      "Every answer of the App API as it happens, and why it is what it is.",
      pause,
      button("Clear", (event) => clear(event.target, live)),
    ),
    el(
      "div",
      { class: "filter", role: "search" },
      el("label", { for: "filter" }, "Filter"),
      filter,
      el("label", {}, refused, "Refused only"),
      el("label", {}, ours, `Only ${page.world}`),
      count,
    ),
    split,
  );

  for (const control of [filter, refused, ours]) control.addEventListener("input", draw, { signal });
  live.addEventListener("entries", frame(draw), { signal });
  live.addEventListener("entries", reporter(signal), { signal });
  document.addEventListener("keydown", (event) => shortcut(event, filter, requestId), { signal });

  const choose = async ([chosen]) => {
    requestId = chosen;
    split.classList.toggle("one", requestId !== undefined);
    detail.replaceChildren(...(await explained(requestId, live)));
    draw();
    // On a phone the list makes room for the request.
    if (requestId && !list.checkVisibility()) detail.querySelector("h2")?.focus();
  };
  await choose(rest);
  return choose;
}

// What the filter says outlasts the view.
const kept = { filter: "", refused: false, ours: false };

// Every word must occur somewhere in what one knows of a request.
function matcher(text, refusedOnly, world) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => {
    if (refusedOnly && entry.status < 400) return false;
    if (world && entry.workspace !== world) return false;
    const { method, path, query, operationId, status, rule, requestId, workspace, caller, fault } = entry;
    const known = [
      method,
      path,
      query,
      operationId,
      status,
      rule,
      requestId,
      workspace,
      caller?.userId,
      caller?.role,
      fault,
    ];
    const whole = known.join(" ").toLowerCase();
    return words.every((word) => whole.includes(word));
  };
}

function row(entry, current) {
  const who = entry.caller?.userId ?? (entry.control ? "control API" : "nobody");
  const why = entry.rule ? `${entry.rule} · ${entry.reason ?? ""}` : (entry.operationId ?? "no such operation");
  return el(
    "li",
    {},
    el(
      "a",
      {
        href: `#/requests/${part(entry.requestId)}`,
        "data-key": entry.requestId,
        "aria-current": current ? "true" : null,
      },
      el("span", { class: `status ${family(entry.status)}` }, String(entry.status)),
      el("span", { class: "what" }, el("b", {}, entry.method), ` ${shortPath(entry)}`),
      el(
        "span",
        { class: "meta" },
        el("span", {}, who),
        entry.fault && badge("fault", "warn"),
        entry.wouldRefuse?.length > 0 && badge("would refuse", "warn"),
        el("time", { datetime: entry.at }, exact(entry.at)),
      ),
      el("span", { class: "why" }, why),
    ),
  );
}

export const family = (status) => (status < 300 ? "good" : status < 500 ? "refused" : "broken");

const shortPath = ({ path, query }) => path.replace("/api/v1/app", "") + (query ? `?${query}` : "");

function nothing(known, off) {
  if (off) return empty("The journal is off: the mock was started with --journal 0, and remembers no request.");
  if (known) return empty("No request fits the filter.");
  return empty(
    "No request yet. Send one, for example one of the lines that ",
    el("a", { href: "#/people" }, "People"),
    " has to copy.",
  );
}

async function explained(requestId, live) {
  if (requestId === undefined)
    return [empty("Choose a request to see what was checked, what was sent, and what came back.")];
  const back = el("a", { class: "back", href: "#/requests" }, "All requests");
  try {
    const entry = live.find(requestId) ?? (await call("GET", `/requests/${part(requestId)}`));
    return [back, ...(await explanation(entry))];
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 404) throw error;
    return [back, empty(`The request ${requestId} is not kept: the mock remembers the last ones of each world.`)];
  }
}

async function clear(control, live) {
  if (!(await confirmed("Forget the requests of every world?", "Forget them"))) return;
  await act(control, () => live.clear());
  location.hash = "#/requests";
}

// Up and down go from request to request.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = [...event.currentTarget.querySelectorAll("a")];
  const next = links[links.indexOf(document.activeElement) + step];
  if (!step || !next) return;
  event.preventDefault();
  next.focus();
}

function shortcut(event, filter, requestId) {
  const typing = event.target.closest("input, textarea, select, dialog");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    filter.focus();
  } else if (event.key === "Escape" && requestId && !typing) {
    location.hash = "#/requests";
  }
}

// At most once a frame.
function frame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

function reporter(signal) {
  let fresh = [];
  let timer = null;
  signal.addEventListener("abort", () => clearTimeout(timer));
  return ({ detail: entries }) => {
    fresh.push(...entries);
    if (!fresh.length || timer !== null) return;
    timer = setTimeout(() => {
      const refusals = fresh.filter((entry) => entry.status >= 400).length;
      document.getElementById("heard").textContent = `${plural(fresh.length, "new request")}, ${refusals} refused`;
      [fresh, timer] = [[], null];
    }, REPORT_EVERY);
  };
}
