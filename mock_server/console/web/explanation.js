// One request explained: what was decided and why, then what was sent and what came back.
import { call, part } from "./api.js";
import { badge, el, facts, outside } from "./dom.js";
import { body, curl, when, exact, day } from "./format.js";
import { copier } from "./say.js";

// The checks in the words of whoever waits for an answer.
const STEPS = {
  route: "Is there such an operation?",
  credential: "Is the credential valid?",
  workspace: "Is it one of this workspace?",
  "rate limit": "Is the credential within its rate limit?",
  role: "May this role call the operation?",
  request: "Is the request well formed?",
  existence: "Does what it names exist for the caller?",
  "content role": "May this role ask for what the body says?",
  state: "Does the state allow it?",
  fit: "Does it fit what is stored?",
};
const MARKS = { passed: "✓", refused: "✕", skipped: "–" };

export async function explanation(entry) {
  const { request, response } = entry;
  return [
    el(
      "header",
      { class: "heading" },
      el(
        "h2",
        { tabindex: "-1" },
        el("b", {}, entry.method),
        ` ${entry.path}`,
        entry.query && el("span", { class: "query" }, `?${entry.query}`),
      ),
      el(
        "div",
        { class: "tools" },
        copier("Copy curl", await line(entry), "the request as a line for curl"),
        copier("Copy link", location.href, "the link to this explanation"),
      ),
    ),
    verdict(entry),
    facts([
      ["Operation", entry.operationId],
      ["Caller", entry.caller ? `${entry.caller.userId}, ${entry.caller.role}` : "nobody"],
      ["Credential", entry.caller?.credential],
      ["World", entry.workspace ?? "none"],
      ["At", when(entry.at, (time) => `${day(time)}, ${exact(time)} UTC`)],
      ["Took", `${Number(entry.durationMs).toFixed(1)} ms`],
      ["Request id", el("code", {}, entry.requestId)],
    ]),
    entry.nearest?.length > 0 &&
      el("section", {}, el("h3", {}, "Did you mean"), el("ul", { class: "nearest" }, entry.nearest.map(near))),
    el("section", {}, el("h3", {}, "What was checked"), el("ol", { class: "checks" }, entry.checks.map(check))),
    message("Request", request),
    message("Answer", response),
  ].filter(Boolean);
}

function verdict({ status, rule, reason, response, wouldRefuse, fault, checks }) {
  const kind = status < 300 ? "good" : status < 500 ? "refused" : "broken";
  const step = checks.find((one) => one.outcome === "refused")?.step;
  const said = told(response.body);
  return el(
    "div",
    { class: `verdict ${kind}` },
    el(
      "p",
      { class: "outcome" },
      el("span", { class: `status ${kind}` }, String(status)),
      status < 400 ? "Answered" : step ? `Refused at: ${step}` : "Refused",
      rule && badge(rule),
    ),
    reason && el("p", {}, reason),
    said && el("p", { class: "said-so" }, said),
    fault &&
      el("p", {}, badge("fault", "warn"), ` ${typeof fault === "string" ? fault : `${fault.kind} ${fault.id ?? ""}`}`),
    wouldRefuse?.map((one) =>
      el(
        "p",
        {},
        badge("would refuse", "warn"),
        ` ${typeof one === "string" ? one : `${one.status} ${one.rule}: ${one.message}`}`,
      ),
    ),
  );
}

function told(text) {
  try {
    return JSON.parse(text).message;
  } catch {
    return null;
  }
}

function check({ step, outcome, detail }) {
  return el(
    "li",
    { class: outcome },
    el("span", { class: "mark", "aria-hidden": "true" }, MARKS[outcome] ?? "?"),
    el(
      "span",
      {},
      STEPS[step] ?? step,
      el("span", { class: "hidden" }, ` ${outcome}`),
      detail && el("span", { class: "why" }, detail),
    ),
  );
}

function near({ operationId, method, path, differs }) {
  return el(
    "li",
    {},
    el("b", {}, method),
    ` ${path}`,
    operationId && ` (${operationId})`,
    differs?.length > 0 && el("span", { class: "why" }, differs.join("; ")),
  );
}

function message(name, { headers, body: content, truncated }) {
  const pairs = Array.isArray(headers)
    ? headers.map((one) => (Array.isArray(one) ? one : [one.name, one.value]))
    : Object.entries(headers);
  return el(
    "section",
    {},
    el("h3", {}, name),
    el(
      "details",
      { "data-key": `${name} headers` },
      el("summary", {}, `${pairs.length} headers`),
      facts(pairs.map(([header, value]) => [header, header === "x-mock-explanation" ? outside(value) : value])),
    ),
    content === null || content === undefined || content === ""
      ? el("p", { class: "hint" }, "No body.")
      : el("pre", { tabindex: "0", "aria-label": `${name} body` }, body(content)),
    truncated && el("p", { class: "hint" }, "The body was longer; this is what is kept of it."),
  );
}

// The request again, as its caller: the journal has no secrets, so the credential is the persona's.
async function line({ method, path, query, caller, workspace, request }) {
  const personas = caller && workspace ? (await call("GET", "/personas", { query: { workspace } })).items : [];
  const persona = personas.find((one) => one.userId === caller.userId);
  const host = persona?.host ?? location.host;
  const secret = persona?.apiKey
    ? { "X-API-Key": persona.apiKey }
    : persona
      ? { Authorization: `Bearer ${persona.token}` }
      : {};
  const type = request.body ? { "Content-Type": "application/json" } : {};
  const url = `${location.protocol}//${host}${path.split("/").map(part).join("/")}${query ? `?${query}` : ""}`;
  return curl(
    method,
    url,
    { ...secret, ...type },
    request.body && (typeof request.body === "string" ? request.body : JSON.stringify(request.body)),
  );
}
