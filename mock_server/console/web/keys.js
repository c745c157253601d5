// The dashboard's Settings → API Keys: create, see the secret once, revoke.
import { call, part } from "./api.js";
import { badge, button, el, empty, heading, swap, table } from "./dom.js";
import { choice, field, filled, form, input } from "./form.js";
import { when } from "./format.js";
import { act, confirmed, copier, say } from "./say.js";

export const title = "API keys";

export async function show(root, page, { signal }) {
  const path = `/worlds/${part(page.world)}/api-keys`;
  const { items: people } = await call("GET", "/personas", { query: { workspace: page.world }, signal });
  const admins = people.filter(({ role, status }) => role === "admin" && status === "active");
  const name = (id) => people.find(({ userId }) => userId === id)?.name ?? id;
  const list = el("div");
  const secret = el("div", { role: "status" });

  const draw = async () => {
    const { items } = await call("GET", path, { signal });
    const rows = items.map((key) => [
      key.name,
      el("code", {}, key.id),
      name(key.createdByUserId),
      when(key.createdAt),
      standing(key),
    ]);
    swap(
      list,
      items.length
        ? table("API keys", ["Name", "Id", "Created by", "Created", "Status"], rows)
        : empty("No API key yet."),
    );
  };
  const standing = (key) =>
    key.revokedAt
      ? badge("revoked", "warn")
      : button("Revoke", (event) => revoke(event.target, key), {
          "aria-label": `Revoke ${key.name}`,
          "data-key": key.id,
        });
  const revoke = async (control, key) => {
    if (!(await confirmed(`Revoke the key “${key.name}”? It is rejected from the next request on.`, "Revoke"))) return;
    await act(control, async () => {
      await call("DELETE", `${path}/${part(key.id)}`);
      secret.replaceChildren();
      await draw();
      say(`Revoked: ${key.name}`);
    });
  };
  const create = async (data, filledIn) => {
    const made = await call("POST", path, { body: filled(data) });
    secret.replaceChildren(
      el(
        "div",
        { class: "once" },
        el("h3", {}, `The secret of “${made.name}”`),
        el("p", {}, el("code", {}, made.apiKey)),
        el("p", { class: "hint" }, "It is shown this once."),
        el("div", { class: "tools" }, copier("Copy", made.apiKey, `the secret of ${made.name}`)),
      ),
    );
    filledIn.reset();
    await draw();
  };

  await draw();
  root.append(
    heading(
      title,
      `Settings → API Keys of ${page.world}. A key acts with the current role of the admin who created it.`,
    ),
    list,
    el(
      "section",
      { class: "card" },
      el("h2", {}, "Create a key"),
      admins.length
        ? form(
            { class: "inline" },
            [
              field("Name", input("name", { required: true })),
              field(
                "Created by",
                choice(
                  "createdByUserId",
                  admins.map((one) => [one.userId, one.name]),
                ),
              ),
            ],
            "Create",
            create,
          )
        : el("p", { class: "hint" }, "Only active admins create keys, and this world has none."),
      secret,
    ),
  );
}
