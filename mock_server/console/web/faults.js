// What goes wrong on purpose in the world, and how many requests a credential may make. Which kinds of faults there are
// and what each takes is read from the control API's own document.
import { call, json as read, part } from "./api.js";
import { badge, button, el, empty, heading, swap, table } from "./dom.js";
import { boxes, choice, field, filled, form, input } from "./form.js";
import { act, say } from "./say.js";

export const title = "Faults";

// What every kind of fault takes beside its own: which requests it is for.
const NARROWING = ["operations", "roles", "times", "probability"];

export async function show(root, page, { signal }) {
  const path = `/worlds/${part(page.world)}/faults`;
  const [control, operations] = await Promise.all([
    read("/_mock/openapi.json"),
    read("/_mock/console/operations.json"),
  ]);
  const list = el("div");
  const draw = async () => {
    const { items } = await call("GET", path, { signal });
    const rows = items.map((fault) => [
      badge(fault.kind, "warn"),
      parameters(fault),
      whom(fault),
      odds(fault),
      String(fault.applied ?? 0),
      remove(fault),
    ]);
    swap(
      list,
      items.length
        ? table("Faults", ["Fault", "How", "For", "When", "Applied", "What to do"], rows)
        : empty("No faults: everything answers as it should."),
    );
    clear.hidden = items.length === 0;
  };
  const remove = ({ id, kind }) =>
    button(
      "Remove",
      (event) =>
        act(event.target, async () => {
          await call("DELETE", `${path}/${part(id)}`);
          await draw();
          say(`Removed: ${kind}`);
        }),
      { "aria-label": `Remove ${kind} ${id}`, "data-key": id },
    );
  const clear = button("Remove all", () =>
    act(clear, async () => {
      await call("DELETE", path);
      await draw();
      say("No faults any more");
    }),
  );
  const add = async (body) => {
    await call("POST", path, { body });
    await draw();
    say(`Added: ${body.kind}`);
  };
  await draw();
  root.append(
    heading(
      title,
      `What goes wrong on purpose in ${page.world}. One request alone asks for a fault by the header X-Mock-Fault.`,
      clear,
    ),
    list,
    el("section", { class: "card" }, el("h2", {}, "Add a fault"), adding(control, operations, add)),
    await limit(page.world, signal),
  );
  page.live.addEventListener("entries", ({ detail }) => detail.some(({ fault }) => fault) && draw(), { signal });
}

const parameters = (fault) =>
  Object.entries(fault)
    .filter(([name]) => !["id", "kind", "applied", ...NARROWING].includes(name))
    .map(([name, value]) => `${words(name)} ${value}`)
    .join(", ");
const whom = ({ operations, roles }) =>
  [operations?.join(", ") ?? "every operation", roles && `as ${roles.join(" or ")}`].filter(Boolean).join(", ");
const odds = ({ times, probability }) =>
  [probability === undefined ? "always" : `${Math.round(probability * 1000) / 10} % of them`, times && `${times} more`]
    .filter(Boolean)
    .join(", ");

// A form that follows the chosen kind.
function adding(control, operations, onAdd) {
  const kinds = control.components.schemas.FaultCreate.oneOf.map(({ $ref }) => ({
    name: $ref.split("/").at(-1),
    schema: resolved(control, { $ref }),
  }));
  const kind = choice(
    "variant",
    kinds.map(({ name }, index) => [String(index), words(name.replace(/Fault$/, ""))]),
  );
  const own = el("div", { class: "own" });
  const hint = el("p", { class: "hint" });
  const chosen = () => kinds[kind.value].schema;
  const draw = () => {
    const { properties, required, description } = chosen();
    hint.textContent = description ?? "";
    const names = Object.keys(properties).filter((name) => name !== "kind" && !NARROWING.includes(name));
    own.replaceChildren(
      ...names.map((name) => member(name, resolved(control, properties[name]), required.includes(name))),
    );
  };
  kind.addEventListener("change", draw);
  draw();
  const some = (data, name) => (data.getAll(name).length ? { [name]: data.getAll(name) } : {});
  return form(
    {},
    [
      el("div", { class: "inline" }, field("Fault", kind), own),
      hint,
      el(
        "details",
        {},
        el("summary", {}, "Only for some requests"),
        el(
          "div",
          { class: "inline" },
          member("times", { type: "integer", minimum: 1 }),
          member("probability", { type: "number", maximum: 1 }),
        ),
        boxes("As", "roles", ["user", "manager", "admin"]),
        boxes("Operations", "operations", operations),
      ),
    ],
    "Add the fault",
    (data) => {
      const { properties } = chosen();
      const numbers = Object.keys(properties).filter((name) =>
        ["integer", "number"].includes(resolved(control, properties[name]).type),
      );
      const { variant, roles, operations: named, ...rest } = filled(data, numbers);
      return onAdd({ kind: properties.kind.const, ...rest, ...some(data, "roles"), ...some(data, "operations") });
    },
  );
}

// A field for a member of a schema.
function member(name, schema, required = false) {
  const { type, enum: values, minimum, maximum, description } = schema;
  const control = values
    ? choice(name, required ? values : [["", "as usual"], ...values])
    : input(
        name,
        type === "string"
          ? { required }
          : { type: "number", required, min: minimum, max: maximum, step: type === "number" ? "any" : 1 },
      );
  return field(words(name), control, values ? undefined : description);
}

function resolved(root, schema) {
  if (!schema.$ref) return schema;
  const found = schema.$ref
    .slice(2)
    .split("/")
    .reduce((node, name) => node[name], root);
  return resolved(root, found);
}

// "perSeconds" as words.
function words(name) {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return spaced[0].toUpperCase() + spaced.slice(1);
}

async function limit(world, signal) {
  const path = `/worlds/${part(world)}/rate-limit`;
  const state = el("p", { class: "hint" });
  const lift = button("Lift it", () =>
    act(lift, async () => {
      await call("DELETE", path);
      await draw();
    }),
  );
  const draw = async () => {
    const now = await call("GET", path, { signal });
    state.textContent = now
      ? `Each credential may make ${now.requests} requests in ${now.perSeconds} seconds of the world's clock.`
      : "No limit.";
    lift.hidden = !now;
  };
  const set = async (data) => {
    await call("PUT", path, { body: filled(data, ["requests", "perSeconds"]) });
    await draw();
  };
  await draw();
  const number = (name, value) => input(name, { type: "number", min: 1, value, required: true });
  return el(
    "section",
    { class: "card" },
    el("h2", {}, "Rate limit"),
    el("div", { class: "tools", "aria-live": "polite" }, state, lift),
    form(
      { class: "inline" },
      [field("Requests", number("requests", 100)), field("In seconds", number("perSeconds", 60))],
      "Set",
      set,
    ),
  );
}
