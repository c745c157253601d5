// What the page says beside its views: short notes, questions, and the clipboard.
import { button, el } from "./dom.js";

const LASTS = 6000;
let timer;

// A note for eyes and screen readers alike.
export function say(text, kind = "note") {
  const said = document.getElementById("said");
  said.replaceChildren(el("p", { class: kind }, text));
  clearTimeout(timer);
  timer = setTimeout(() => said.replaceChildren(), LASTS);
}

// Runs what a control does; what goes wrong is said, and the control rests meanwhile.
export async function act(control, action) {
  control.disabled = true;
  try {
    return await action();
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, "problem");
    return undefined;
  } finally {
    control.disabled = false;
    if (control.isConnected && document.activeElement === document.body) control.focus();
  }
}

// Asks before what cannot be undone; resolves to whether to go on.
export function confirmed(question, verb) {
  return new Promise((resolve) => {
    const dialog = el(
      "dialog",
      {
        "aria-label": question,
        on: {
          close: () => {
            dialog.remove();
            resolve(dialog.returnValue === "yes");
          },
        },
      },
      el(
        "form",
        { method: "dialog" },
        el("p", {}, question),
        el(
          "div",
          { class: "tools" },
          el("button", { value: "no", autofocus: true }, "Cancel"),
          el("button", { value: "yes", class: "danger" }, verb),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Shows something above the page until it is closed.
export function dialog(title, ...children) {
  const shown = el(
    "dialog",
    { "aria-label": title, on: { close: () => shown.remove() } },
    el(
      "div",
      { class: "heading" },
      el("h2", {}, title),
      button("Close", () => shown.close(), { class: "quiet" }),
    ),
    ...children,
  );
  document.body.append(shown);
  shown.showModal();
  return shown;
}

// A button that copies a text; `what` says in words what it is.
export function copier(label, text, what) {
  return button(
    label,
    async () => {
      await copy(text, what);
    },
    { "aria-label": `Copy ${what}` },
  );
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied: ${what}`);
  } catch {
    // A page of plain HTTP from another machine has no clipboard.
    const area = el("textarea", { rows: 6, readonly: true, "aria-label": what }, text);
    dialog(`Copy: ${what}`, area);
    area.select();
  }
}
