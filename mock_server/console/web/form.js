// Forms: labelled fields, and one place that says what went wrong.
import { el } from "./dom.js";

let count = 0;

// A labelled control with an optional hint.
export function field(label, control, hint) {
  const id = (control.id ||= `field-${(count += 1)}`);
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    control,
    hint && el("p", { class: "hint", id: `${id}-hint` }, hint),
  );
}

export function input(name, attributes = {}) {
  return el("input", { name, autocomplete: "off", spellcheck: "false", ...attributes });
}

// A choice; each option is a value, or a value and what is shown for it.
export function choice(name, options, chosen, attributes = {}) {
  const shown = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  return el(
    "select",
    { name, ...attributes },
    shown.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
  );
}

// Check boxes that share a name.
export function boxes(legend, name, values) {
  const each = (value) => el("label", {}, el("input", { type: "checkbox", name, value }), value);
  return el("fieldset", { class: "boxes" }, el("legend", {}, legend), values.map(each));
}

// A form whose fields go to `onSubmit` as FormData. What it rejects with is shown at the form, which stays filled in.
export function form(attributes, fields, verb, onSubmit) {
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { class: "primary" }, verb);
  const element = el("form", attributes, fields, el("div", { class: "tools" }, submit), problem);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.replaceChildren();
    submit.disabled = true;
    try {
      await onSubmit(new FormData(element), element);
    } catch (error) {
      problem.textContent = error.message;
    } finally {
      submit.disabled = false;
    }
  });
  return element;
}

// What of a form is filled in; numbers are numbers.
export function filled(data, numbers = []) {
  const entries = [...data.entries()].filter(([, value]) => value !== "");
  return Object.fromEntries(entries.map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
}
