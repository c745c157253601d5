// Whom one can be: everybody of the world, with credentials to copy.
import { call } from "./api.js";
import { badge, el, empty, heading, swap } from "./dom.js";
import { curl, plural } from "./format.js";
import { copier } from "./say.js";

export const title = "People";

const SHOWN = 60;
const ROLES = { admin: "Admins", manager: "Managers", user: "Users" };

export async function show(root, page, { signal }) {
  const { items } = await call("GET", "/personas", { query: { workspace: page.world }, signal });
  const list = el("div", { class: "groups" });
  const filter = el("input", {
    type: "search",
    id: "who",
    placeholder: "name, id or role",
    autocomplete: "off",
    spellcheck: "false",
  });
  const draw = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = items.filter(({ name, userId, role, status }) =>
      words.every((word) => `${name} ${userId} ${role} ${status}`.toLowerCase().includes(word)),
    );
    const groups = Object.entries(ROLES).map(([role, head]) => [head, found.filter((one) => one.role === role)]);
    swap(
      list,
      found.length
        ? groups.filter(([, some]) => some.length).map(([head, some]) => group(head, some))
        : empty("Nobody fits."),
    );
  };
  root.append(
    heading(title, `Whom one can be in ${page.world}. Every credential is a test credential of this mock.`),
    el(
      "div",
      { class: "filter", role: "search" },
      el("label", { for: "who" }, "Find"),
      filter,
      el("p", { class: "count" }, plural(items.length, "persona")),
    ),
    list,
  );
  filter.addEventListener("input", draw, { signal });
  draw();
}

function group(head, some) {
  const more = some.length - SHOWN;
  return el(
    "section",
    {},
    el("h2", {}, head),
    el("ul", { class: "cards" }, some.slice(0, SHOWN).map(card)),
    more > 0 && el("p", { class: "hint" }, `And ${more} more: find them by name.`),
  );
}

function card(persona) {
  const { name, userId, status, apiKey, token, microsoftToken, host } = persona;
  const active = status === "active";
  const url = `${location.protocol}//${host}/api/v1/app/invites`;
  const secret = apiKey ? { "X-API-Key": apiKey } : { Authorization: `Bearer ${token}` };
  return el(
    "li",
    { class: "card person" },
    el("h3", {}, name, !active && badge(status, "warn")),
    el("p", { class: "id" }, el("code", {}, userId)),
    !active && el("p", { class: "hint" }, "The App API answers 401."),
    el(
      "div",
      { class: "tools" },
      el("span", { class: "hint" }, "Copy"),
      copier("curl", curl("GET", url, secret), `a line for curl as ${name}`),
      apiKey && copier("API key", apiKey, `the API key of ${name}`),
      copier("Token", token, `a kailenty token of ${name}`),
      copier("Microsoft token", microsoftToken, `a Microsoft token of ${name}`),
    ),
  );
}
