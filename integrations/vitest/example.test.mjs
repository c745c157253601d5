// npm ci && npm test, while kailenty-mock serves
import { test as base, expect } from "vitest";

import { createWorld } from "../javascript/kailenty.mjs";

/** Each test that asks for `world` gets one of its own. */
const test = base.extend({
  world: async ({}, use) => {
    const world = await createWorld();
    await use(world);
    await world.delete();
  },
});

/** Your code: here, creating a label. */
function createLabel(baseUrl, headers, label) {
  return fetch(`${baseUrl}/labels`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(label),
  });
}

const label = { name: "Platform", color: "#336699" };

test("an admin creates a label", async ({ world }) => {
  const response = await createLabel(world.baseUrl, world.admin, label);
  expect(response.status).toBe(201);
  expect((await response.json()).data).toMatchObject(label);
  await world.verify({ operationId: "createLabel", body: label }, { count: 1 });
});

test("in a world of its own, the label is new again, and not for everybody", async ({ world }) => {
  expect((await createLabel(world.baseUrl, world.user, label)).status).toBe(403);
  expect((await createLabel(world.baseUrl, world.admin, label)).status).toBe(201);
});

test("the server is down once", async ({ world }) => {
  await world.fault({ kind: "server-error", status: 503, operations: ["createLabel"], times: 1 });
  expect((await createLabel(world.baseUrl, world.admin, label)).status).toBe(503);
  expect((await createLabel(world.baseUrl, world.admin, label)).status).toBe(201);
});

test("what was booked cannot be edited once it is over", async ({ world }) => {
  const { now } = await world.clock({ frozen: true });
  const meeting = await world.book("inv_active", new Date(Date.parse(now) + 3_600_000).toISOString());
  await world.clock({ now: meeting.endAt });
  const response = await fetch(`${world.baseUrl}/meetings/${meeting.id}`, {
    method: "PATCH",
    headers: { ...world.admin, "Content-Type": "application/json" },
    body: JSON.stringify({ title: "Too late" }),
  });
  expect(response.status).toBe(409);
});
