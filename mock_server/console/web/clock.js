// The world's time: look at it, move it, stop it.
import { call, part } from "./api.js";
import { button, el, heading } from "./dom.js";
import { choice, field, filled, form, input } from "./form.js";
import { day, duration, exact } from "./format.js";
import { act, say } from "./say.js";

export const title = "Clock";

const STEPS = [
  ["1 minute", 60],
  ["1 hour", 3600],
  ["1 day", 86_400],
  ["1 week", 604_800],
];
const UNITS = [
  [60, "minutes"],
  [3600, "hours"],
  [86_400, "days"],
  [604_800, "weeks"],
];

export async function show(root, page, { signal }) {
  const path = `/worlds/${part(page.world)}/clock`;
  const face = el("p", { class: "face" });
  const freeze = button("", () => act(freeze, () => set({ frozen: !page.now().frozen })));
  const draw = () => {
    const { now, frozen } = page.now();
    face.replaceChildren(
      el("time", { datetime: now }, el("span", {}, exact(now)), ` ${day(now)}, UTC`),
      el("span", { class: "hint" }, frozen ? "It stands still." : "It runs."),
    );
    freeze.textContent = frozen ? "Let it run" : "Freeze";
  };
  const set = async (body) => {
    await call("PUT", path, { body });
    await page.readClock();
    draw();
    say(body.frozen === undefined ? "The clock is set" : body.frozen ? "The clock stands still" : "The clock runs");
  };

  const amount = input("amount", { type: "number", min: 1, max: 366, value: 3, required: true });
  const advance = form(
    { class: "inline" },
    [field("Advance by", amount), field("Unit", choice("unit", UNITS, 86_400))],
    "Advance",
    (data) => {
      const { amount: count, unit } = filled(data, ["amount", "unit"]);
      return set({ advanceSeconds: count * unit });
    },
  );
  const time = input("now", { type: "datetime-local", step: 1, required: true, value: page.now().now.slice(0, 19) });
  const at = form({ class: "inline" }, [field("Set to (UTC)", time)], "Set", (data) =>
    set({ now: new Date(`${data.get("now")}Z`).toISOString() }),
  );
  const quick = STEPS.map(([text, seconds]) =>
    button(`+ ${text}`, (event) => act(event.target, () => set({ advanceSeconds: seconds })), {
      "aria-label": `Advance by ${duration(seconds)}`,
    }),
  );

  root.append(
    heading(title, `What ${page.world} takes for now: deadlines, tokens and rate limits follow it.`),
    el("section", { class: "card" }, face, el("div", { class: "tools" }, freeze, quick)),
    el("section", { class: "card" }, advance, at),
    el("p", { class: "hint" }, "The worlds that the server was started with share one clock; every other has its own."),
  );
  draw();
  const ticking = setInterval(draw, 1000);
  signal.addEventListener("abort", () => clearInterval(ticking));
}
