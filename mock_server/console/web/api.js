// Speaks with the control API, as the reader of the page. The control token, where there is one, is kept for this tab.

const BASE = "/_mock";
const TOKEN = "kailenty-mock-control-token";

// The server answered, and will not.
export class Refused extends Error {
  constructor(status, message, requestId) {
    super(message);
    this.status = status;
    this.requestId = requestId;
  }
}

// Nobody answered.
export class Gone extends Error {}

export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (value) => sessionStorage.setItem(TOKEN, value),
  forget: () => sessionStorage.removeItem(TOKEN),
};

// A part of a path, whatever is in it.
export const part = encodeURIComponent;

// The data of an answer. Rejects with Refused or Gone.
export async function call(method, path, { query, body, signal } = {}) {
  const response = await send(method, path, { query, body, signal });
  return (await parsed(response)).data;
}

// What the server tells everybody.
export async function json(address) {
  return parsed(await fetch(address));
}

// The file that an answer is.
export async function file(path) {
  return (await send("GET", path, {})).blob();
}

// The events of a stream as they come, until it ends; `opened` is awaited once it has begun. EventSource cannot send the
// control token.
export async function* events(path, opened) {
  const response = await send("GET", path, { headers: { accept: "text/event-stream" } });
  await opened();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (text + value.replaceAll("\r", "")).split("\n\n");
    text = blocks.pop();
    yield* blocks.map(event).filter((one) => one.data);
  }
}

function event(block) {
  const fields = { event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, name, value] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (name === "data") fields.data += fields.data ? `\n${value}` : value;
    else if (name) fields[name] = value;
  }
  return fields;
}

async function send(method, path, { query = {}, body, signal, headers = {} }) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
  const secret = token.get();
  const options = {
    method,
    signal,
    headers: {
      ...headers,
      ...(secret ? { authorization: `Bearer ${secret}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
    cache: "no-store",
  };
  let response;
  try {
    response = await fetch(`${BASE}${path}${asked.size ? `?${asked}` : ""}`, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Gone("The mock does not answer");
  }
  if (response.ok) return response;
  const failure = await parsed(response).catch(() => ({}));
  throw new Refused(response.status, failure.message ?? `The mock answered ${response.status}`, failure.requestId);
}

async function parsed(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Gone("The mock broke off its answer");
  }
}
