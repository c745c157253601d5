// Builds what is shown. Strings become text, never markup: the page's policy refuses anything else.

// An element. Attributes: `on` has listeners, true and false switch, the others are set as text.
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

// Shows children in place of what was there. What had the focus keeps it, and what was opened stays open, by `data-key`.
export function swap(container, ...children) {
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const keyed = (root) => [...root.querySelectorAll("[data-key]")];
  const open = new Set(
    keyed(container)
      .filter((element) => element.open)
      .map((element) => element.dataset.key),
  );
  container.replaceChildren(...children.flat(Infinity).filter(Boolean));
  for (const element of keyed(container)) {
    if (open.has(element.dataset.key)) element.open = true;
    if (focused !== undefined && element.dataset.key === focused) element.focus({ preventScroll: true });
  }
}

export function button(text, onClick, attributes = {}) {
  return el("button", { type: "button", on: { click: onClick }, ...attributes }, text);
}

// A link to somewhere else, if its address is one of the web; a world's data may hold any.
export function outside(address) {
  const web = URL.canParse(address) && ["http:", "https:"].includes(new URL(address).protocol);
  return web ? el("a", { href: address, rel: "noreferrer", target: "_blank" }, address) : address;
}

export function badge(text, kind = "") {
  return el("span", { class: `badge ${kind}` }, text);
}

// A label with the dot of its colour. A colour that is none leaves the dot grey.
export function chip(name, color) {
  const dot = el("span", { class: "dot", "aria-hidden": "true" });
  if (color) dot.style.setProperty("--color", color);
  return el("span", { class: "chip" }, dot, name);
}

// Names and values; those without a value are left out.
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el(
    "dl",
    { class: "facts" },
    known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

// A table that a phone shows as a list of cards. The roles are said, as its styles would take them away.
export function table(caption, heads, rows) {
  const cell = (content, index) =>
    el(
      index ? "td" : "th",
      { role: index ? "cell" : "rowheader", scope: index ? null : "row", "data-head": heads[index] },
      content,
    );
  return el(
    "table",
    { role: "table" },
    el("caption", { class: "hidden" }, caption),
    el(
      "thead",
      { role: "rowgroup" },
      el(
        "tr",
        { role: "row" },
        heads.map((head) => el("th", { role: "columnheader", scope: "col" }, head)),
      ),
    ),
    el(
      "tbody",
      { role: "rowgroup" },
      rows.map((cells) => el("tr", { role: "row" }, cells.map(cell))),
    ),
  );
}

export function empty(...children) {
  return el("p", { class: "empty" }, ...children);
}

// The head of a view, and the only h1 of the page.
export function heading(title, lede, ...tools) {
  return el(
    "div",
    { class: "heading" },
    el("div", {}, el("h1", { tabindex: "-1" }, title), lede && el("p", { class: "lede" }, lede)),
    el("div", { class: "tools" }, tools),
  );
}

// Acts some milliseconds after it is called, once however often it is called meanwhile.
export function soon(milliseconds, action) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      action();
    }, milliseconds);
  };
}
