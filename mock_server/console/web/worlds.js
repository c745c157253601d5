// Worlds: made, copied, put back, removed, carried away as a file; and the snapshots of the one that is looked at.
import { call, file, part } from "./api.js";
import { badge, button, el, empty, heading, swap, table } from "./dom.js";
import { choice, field, filled, form, input } from "./form.js";
import { when } from "./format.js";
import { act, confirmed, copier, say } from "./say.js";

export const title = "Worlds";

const SHOWN = 100;

export async function show(root, page, { signal }) {
  const list = el("div");
  const snapshots = el("div");
  const path = (world) => `/worlds/${part(world)}`;
  const saved = () => `${path(page.world)}/snapshots`;
  const whose = el("h2");

  // Each does what it says, then shows how things are.
  const does = (action, note) => (event) =>
    act(event.target, async () => {
      await action();
      try {
        await page.reload();
        await draw();
      } finally {
        say(note); // it is done, also where the page has gone on to another world meanwhile
      }
    });
  const asked = (question, verb, then) => async (event) => {
    if (await confirmed(question, verb)) await then(event);
  };
  // Nothing may ask for a world that is going.
  const remove = (name) => {
    const other = page.worlds.find(({ workspace }) => workspace !== name);
    if (name === page.world && other) page.choose(other.workspace);
    return call("DELETE", path(name));
  };
  const tools = ({ workspace: name, source }) => [
    name === page.world
      ? badge("looked at", "good")
      : button("Look at", () => look(page, name), { "aria-label": `Look at ${name}` }),
    button(
      "Copy",
      does(() => call("POST", "/worlds", { body: { copyOf: name } }), `Copied ${name}`),
      { "aria-label": `Copy ${name}` },
    ),
    button("Bundle", (event) => act(event.target, () => download(name)), {
      "aria-label": `Download the bundle of ${name}`,
    }),
    button(
      "Reset",
      asked(
        `Put ${name} back to how it began? What was done in it since is lost.`,
        "Reset",
        does(() => call("POST", `${path(name)}/reset`), `${name} is as it began`),
      ),
      { "aria-label": `Reset ${name}` },
    ),
    source !== "start" &&
      button(
        "Delete",
        asked(
          `Delete ${name} with everything in it?`,
          "Delete",
          does(() => remove(name), `Deleted ${name}`),
        ),
        { "aria-label": `Delete ${name}` },
      ),
  ];
  const draw = async () => {
    const rows = page.worlds.map((world) => [
      el("b", {}, world.workspace),
      world.source === "start" ? "the start" : world.source,
      el(
        "div",
        { class: "tools" },
        el("code", {}, world.host),
        copier("Copy URL", world.baseUrl, `the base URL of ${world.workspace}`),
      ),
      when(world.createdAt),
      world.expiresAt ? when(world.expiresAt) : "never",
      el("div", { class: "tools" }, tools(world)),
    ]);
    const more = page.worlds.length - rows.length;
    swap(
      list,
      table("Worlds", ["World", "Made of", "Host", "Created", "Expires", "What to do"], rows),
      more > 0 && el("p", { class: "hint" }, `And ${more} more: choose one at the top to see it here.`),
    );
    whose.textContent = `Snapshots of ${page.world}`;
    const { items } = await call("GET", saved(), { signal });
    const one = ({ name, savedAt }) => [
      name,
      when(savedAt),
      el(
        "div",
        { class: "tools" },
        button(
          "Restore",
          asked(
            `Put ${page.world} back to “${name}”?`,
            "Restore",
            does(() => call("POST", `${saved()}/${part(name)}/restore`), `Restored ${name}`),
          ),
          { "aria-label": `Restore ${name}` },
        ),
        button(
          "Delete",
          does(() => call("DELETE", `${saved()}/${part(name)}`), `Deleted the snapshot ${name}`),
          { "aria-label": `Delete the snapshot ${name}` },
        ),
      ),
    ];
    swap(
      snapshots,
      items.length
        ? table("Snapshots", ["Snapshot", "Saved", "What to do"], items.map(one))
        : empty(`No snapshot of ${page.world} yet.`),
    );
  };

  const create = async (data, element) => {
    const { from, ...body } = filled(data, ["seed", "expiresInSeconds"]);
    const made = await call("POST", "/worlds", { body: from ? { ...body, copyOf: from } : body });
    element.reset();
    await page.reload();
    await draw();
    say(`Made ${made.workspace}`);
  };
  const save = async (data, element) => {
    await call("POST", saved(), { body: filled(data) });
    element.reset();
    await draw();
    say("Saved");
  };
  const imported = async (data, element) => {
    const workspace = data.get("workspace");
    const made = await call("POST", "/worlds/import", { query: { workspace }, body: data.get("bundle") });
    element.reset();
    await page.reload();
    await draw();
    say(`Imported ${made.workspace}`);
  };

  await page.reload();
  await draw();
  const names = page.worlds.map(({ workspace }) => [workspace, `a copy of ${workspace}`]);
  root.append(
    heading(title, "Each has its own data, keys, clock, faults and requests; nothing done in one is seen in another."),
    list,
    el(
      "section",
      { class: "card" },
      el("h2", {}, "Make a world"),
      form(
        { class: "inline" },
        [
          field("Made of", choice("from", [["", "acme, as it begins"], ...names])),
          field("Name", input("workspace", { placeholder: "a generated one" })),
          field("Seed", input("seed", { type: "number", min: 0, placeholder: "the same" })),
          field("Expires in seconds", input("expiresInSeconds", { type: "number", min: 1, placeholder: "never" })),
        ],
        "Make it",
        create,
      ),
    ),
    el(
      "section",
      { class: "card" },
      el("h2", {}, "Import a bundle"),
      form(
        { class: "inline" },
        [
          field("Bundle", input("bundle", { type: "file", accept: ".json,application/json", required: true })),
          field("Name", input("workspace", { placeholder: "as in the bundle" })),
        ],
        "Import",
        imported,
      ),
    ),
    el(
      "section",
      { class: "card" },
      whose,
      snapshots,
      form({ class: "inline" }, [field("Name", input("name", { required: true }))], "Save a snapshot", save),
    ),
  );
}

// The first of all worlds, and the one that is looked at.
function shown({ worlds, world }) {
  return worlds.filter(({ workspace }, index) => index < SHOWN || workspace === world);
}

function look(page, name) {
  page.choose(name);
  document.getElementById("world").dispatchEvent(new Event("change"));
}

async function download(name) {
  const address = URL.createObjectURL(await file(`/worlds/${part(name)}/bundle`));
  el("a", { href: address, download: `${name}.bundle.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
