// Times, durations, bodies and shell lines, as a reader likes them. All times are shown in UTC, as the API has them.
import { el } from "./dom.js";

const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const LONG_DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
const DAYS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const EXACT = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

export const day = (time) => DAY.format(new Date(time));
export const longDay = (time) => LONG_DAY.format(new Date(time));
export const days = (from, to) => DAYS.formatRange(new Date(from), new Date(to));
export const clock = (time) => CLOCK.format(new Date(time));
export const exact = (time) => EXACT.format(new Date(time));

// A time of the data as an element; `show` says how much of it is shown.
export function when(time, show = (value) => `${day(value)}, ${clock(value)}`) {
  if (!time || Number.isNaN(Date.parse(time))) return time ?? "";
  return el("time", { datetime: time, title: time }, show(time));
}

// A duration of the given seconds, in its two greatest units.
export function duration(seconds) {
  const units = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const parts = [];
  let rest = Math.round(seconds);
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.slice(0, 2).join(" ") || "0 seconds";
}

export const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

// A body for reading: JSON laid out and coloured, anything else as it is.
export function body(text) {
  let laid = text;
  try {
    laid = JSON.stringify(typeof text === "string" ? JSON.parse(text) : text, null, 2);
  } catch {
    return [String(text)];
  }
  const tokens = laid.split(/("(?:[^"\\]|\\.)*"(?:: )?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/);
  return tokens.map((token, index) => (index % 2 ? el("span", { class: kind(token) }, token) : token));
}

function kind(token) {
  if (token.endsWith(": ")) return "name";
  return token.startsWith('"') ? "text" : "value";
}

// A word as a POSIX shell takes it.
export const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${String(word).replaceAll("'", "'\\''")}'`);

// A line for curl.
export function curl(method, url, headers, content) {
  const parts = ["curl", ...(method === "GET" ? [] : ["-X", method]), quoted(url)];
  const more = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return [parts.join(" "), ...more, ...(content ? [`-d ${quoted(content)}`] : [])].join(" \\\n  ");
}
