// Asks for the control token. It stays in this tab's session storage and is sent to this server alone.
import { token } from "./api.js";
import { el } from "./dom.js";
import { field, form, input } from "./form.js";

export function askForToken(problem, onGiven) {
  const secret = input("token", { type: "password", required: true });
  const given = async () => {
    token.set(secret.value.trim());
    await onGiven();
  };
  return el(
    "div",
    { class: "view narrow" },
    el("h1", { tabindex: "-1" }, "This mock wants its control token"),
    el(
      "p",
      { class: "lede" },
      "It was started with ",
      el("code", {}, "--control-token"),
      ". The token is kept for this tab only.",
    ),
    problem && el("p", { class: "problem", role: "alert" }, `That was not it: ${problem}`),
    form({ class: "card" }, [field("Control token", secret)], "Open the console", given),
  );
}
