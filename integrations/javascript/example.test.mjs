// node --test, while kailenty-mock serves
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";

import { createWorld } from "./kailenty.mjs";

/** Your code: here, creating a label, tried again when the server says so. */
async function createLabel(baseUrl, headers, label) {
  const response = await fetch(`${baseUrl}/labels`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(label),
  });
  if (response.status !== 429) return response;
  await setTimeout(1000 * Number(response.headers.get("Retry-After")));
  return createLabel(baseUrl, headers, label);
}

/** A world that is this test's alone. */
async function freshWorld(t, how) {
  const world = await createWorld(how);
  t.after(() => world.delete());
  return world;
}

const label = { name: "Platform", color: "#336699" };

test("an admin creates a label", async (t) => {
  const world = await freshWorld(t);
  const response = await createLabel(world.baseUrl, world.admin, label);
  assert.equal(response.status, 201);
  assert.equal((await response.json()).data.name, "Platform");
});

test("in a world of its own, the label is new again, and not for everybody", async (t) => {
  const world = await freshWorld(t);
  assert.equal((await createLabel(world.baseUrl, world.user, label)).status, 403);
  assert.equal((await createLabel(world.baseUrl, world.admin, label)).status, 201);
});

test("a label is tried again after the pause asked for", async (t) => {
  const world = await freshWorld(t);
  await world.fault({ kind: "too-many-requests", retryAfterSeconds: 1, operations: ["createLabel"], times: 1 });
  assert.equal((await createLabel(world.baseUrl, world.admin, label)).status, 201);
  await world.verify({ operationId: "createLabel" }, { count: 2 });
});

test("what was booked is over an hour later", async (t) => {
  const world = await freshWorld(t, { clock: { now: "2030-05-15T10:00:00Z", frozen: true } });
  const meeting = await world.book("inv_active", "2030-05-15T11:00:00Z");
  await world.clock({ now: meeting.endAt });
  const response = await fetch(`${world.baseUrl}/meetings/${meeting.id}`, {
    method: "PATCH",
    headers: { ...world.admin, "Content-Type": "application/json" },
    body: JSON.stringify({ title: "Too late" }),
  });
  assert.equal(response.status, 409);
});
