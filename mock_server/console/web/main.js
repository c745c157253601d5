// Starts the console: the bar, the stream, and one view at a time, by the address after `#/`.
import { call, Gone, part, Refused, token } from "./api.js";
import { badge, el, soon } from "./dom.js";
import { day, exact } from "./format.js";
import { Live } from "./live.js";
import { say } from "./say.js";
import { askForToken } from "./locked.js";
import * as calendar from "./calendar.js";
import * as clock from "./clock.js";
import * as data from "./data.js";
import * as faults from "./faults.js";
import * as keys from "./keys.js";
import * as people from "./people.js";
import * as requests from "./requests.js";
import * as worlds from "./worlds.js";

const VIEWS = { requests, people, data, calendar, clock, faults, keys, worlds };
const WORLD = "kailenty-mock-world";
const main = document.getElementById("main");
const picker = document.getElementById("world");
const live = new Live();
let leave = new AbortController();
let shown; // the name of the view
let update; // what shows another address within it, if it can

// What a view knows: the worlds, which one is looked at, the stream, and the time.
const page = {
  live,
  worlds: [],
  get world() {
    return picker.value;
  },
  choose(name) {
    picker.value = name;
    sessionStorage.setItem(WORLD, name);
  },
  reload,
  readClock,
  now,
};

async function reload() {
  const { items } = await call("GET", "/worlds");
  const here = location.host.split(".")[0];
  const names = items.map((world) => world.workspace);
  const wanted = [picker.value, sessionStorage.getItem(WORLD), here].find((name) => names.includes(name));
  page.worlds = items;
  if (names.join() !== Array.from(picker.options, ({ value }) => value).join()) {
    picker.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
  }
  page.choose(wanted ?? names[0]);
  await readClock();
}

// The clock of the world as it was when it was last read; between two looks the page counts on by itself.
let time = null;

async function readClock() {
  const { now: read, frozen } = await call("GET", `/worlds/${part(page.world)}/clock`);
  time = { at: Date.parse(read), frozen, read: performance.now() };
  tick();
}

function now() {
  return {
    now: new Date(time.at + (time.frozen ? 0 : performance.now() - time.read)).toISOString(),
    frozen: time.frozen,
  };
}

function tick() {
  if (!time) return;
  const { now: current, frozen } = now();
  const text = `${day(current)}, ${exact(current)} UTC`;
  document
    .getElementById("now")
    .replaceChildren(el("time", { datetime: current }, text), frozen ? badge("frozen") : "");
}

function address() {
  const [name, ...rest] = location.hash.slice(2).split("/").map(decodeURIComponent);
  return Object.hasOwn(VIEWS, name) ? { name, rest } : { name: "requests", rest: [] };
}

// Another address: within the view that is shown, if that can, or else another view.
async function go() {
  if (location.hash && !location.hash.startsWith("#/")) return;
  const { name, rest } = address();
  if (name === shown && update) await update(rest).catch(failed);
  else await show();
}

async function show() {
  const { name, rest } = address();
  const view = VIEWS[name];
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#/${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${view.title} - kailenty mock`;
  leave.abort();
  leave = new AbortController();
  update = undefined;
  const { signal } = leave;
  const root = el("div", { class: `view ${name}` });
  try {
    const updating = await view.show(root, page, { rest, signal });
    if (signal.aborted) return;
    const moved = shown !== undefined && shown !== name;
    [shown, update] = [name, updating];
    main.replaceChildren(root);
    if (moved) root.querySelector("h1").focus();
  } catch (error) {
    if (!signal.aborted) failed(error);
  }
}

function failed(error) {
  if (error instanceof Refused && error.status === 401) return lock(error);
  if (error instanceof Gone) return gone();
  const title = error instanceof Refused ? "The mock refuses" : "Something went wrong in this page";
  main.replaceChildren(
    el("div", { class: "view" }, el("h1", { tabindex: "-1" }, title), el("p", { class: "problem" }, error.message)),
  );
}

function lock(error) {
  link("locked", "Locked");
  main.replaceChildren(askForToken(token.get() ? error.message : "", start));
  main.querySelector("input").focus();
}

function gone() {
  link("gone", "Not connected");
  document.getElementById("gone").textContent = "The mock does not answer. Trying again until it does.";
}

function link(kind, text) {
  const element = document.getElementById("link");
  element.className = `link ${kind}`;
  element.textContent = text;
}

async function start() {
  document.getElementById("forget").hidden = !token.get();
  try {
    await reload();
    live.follow();
    await show();
  } catch (error) {
    failed(error);
    if (error instanceof Gone) setTimeout(start, 2000);
  }
}

live.addEventListener("gone", gone);
live.addEventListener("refused", ({ detail }) => failed(detail));
let before = false;
live.addEventListener("open", async () => {
  link("live", "Live");
  document.getElementById("gone").textContent = "";
  if (before) await reload().then(show).catch(failed); // it may be another server now
  before = true;
});
// The control API moves clocks, and makes and removes worlds: the one that is looked at too.
async function catchUp() {
  const looked = page.world;
  await reload();
  if (page.world !== looked) await show();
}
const catchUpSoon = soon(1000, () => catchUp().catch(() => {}));
live.addEventListener("entries", ({ detail }) => detail.some(({ control }) => control) && catchUpSoon());

picker.addEventListener("change", async () => {
  page.choose(picker.value);
  await readClock().then(show).catch(failed);
});
document.getElementById("forget").addEventListener("click", () => {
  token.forget();
  location.reload();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", go);
addEventListener("unhandledrejection", ({ reason }) => {
  if (reason?.name !== "AbortError") say(reason?.message ?? String(reason), "problem");
});
setInterval(tick, 1000);
start();
