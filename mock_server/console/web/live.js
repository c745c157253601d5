// The requests that this tab knows of, newest first, and the stream that brings the new ones.
import { call, events, Refused } from "./api.js";

const KEPT = 500;
const PAGE = 50;
const PATIENCE = [1, 2, 4, 8]; // seconds between attempts

// Says "open", "gone" or "refused" of the stream, and "entries" when there are others; the event's detail is what is new.
export class Live extends EventTarget {
  entries = [];
  ended = false; // whether nothing older is kept
  off = false; // whether the server keeps no requests at all

  find(requestId) {
    return this.entries.find((entry) => entry.requestId === requestId);
  }

  // Follows the stream until the server refuses it.
  async follow() {
    for (let attempt = 0; ; attempt += 1) {
      const opened = async () => {
        attempt = 0;
        await this.#catchUp();
        this.#tell("open");
      };
      try {
        for await (const { event, data } of events("/requests/stream", opened)) {
          if (event === "request") this.#arrived(JSON.parse(data));
          else if (event === "lost") await this.#catchUp(); // more came at once than a stream takes
        }
        this.#tell("gone");
      } catch (error) {
        if (error instanceof Refused) return this.#tell("refused", error);
        this.#tell("gone");
      }
      const seconds = PATIENCE[Math.min(attempt, PATIENCE.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }

  // Fetches what came before the oldest known.
  async older() {
    const items = await this.#page(this.entries.at(-1)?.requestId);
    this.entries.push(...items.filter((entry) => !this.find(entry.requestId)));
    this.#tell("entries", []);
  }

  async clear(workspace) {
    await call("DELETE", "/requests", { query: { workspace } });
    this.entries = workspace ? this.entries.filter((entry) => entry.workspace !== workspace) : [];
    this.#tell("entries", []);
  }

  // After a break the newest may not reach back to what was known; then that is let go, rather than show a gap.
  async #catchUp() {
    const items = await this.#page();
    const fresh = items.filter((entry) => !this.find(entry.requestId));
    const joins = fresh.length < items.length;
    this.entries = [...fresh, ...(joins ? this.entries : [])].slice(0, KEPT);
    this.#tell("entries", fresh);
  }

  async #page(before) {
    const { items, journal } = await call("GET", "/requests", { query: { limit: PAGE, before } });
    this.off = journal === 0;
    this.ended = items.length < PAGE;
    return items;
  }

  #arrived(entry) {
    if (this.find(entry.requestId)) return;
    this.entries.unshift(entry);
    if (this.entries.length > KEPT) this.ended = false;
    this.entries.splice(KEPT);
    this.#tell("entries", [entry]);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
