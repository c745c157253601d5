// A fresh world of the kailenty mock for each test. Copy this file into yours: it has no dependencies.

const MOCK = process.env.KAILENTY_MOCK_URL ?? "http://127.0.0.1:8080";
const TOKEN = process.env.KAILENTY_MOCK_CONTROL_TOKEN;

/** Send a request to the control API and give its data. */
async function control(method, path, body) {
  const response = await fetch(`${MOCK}/_mock${path}`, {
    method,
    headers: { ...(TOKEN && { Authorization: `Bearer ${TOKEN}` }), ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} /_mock${path}: ${response.status} ${answer.error}: ${answer.message}`);
  return answer.data;
}

/** Make a world, such as { world: "globex", seed: 7, clock: { now: "2030-05-15T10:00:00Z", frozen: true } }. */
export async function createWorld(how = {}) {
  const { workspace, host, personas } = await control("POST", "/worlds", how);
  const path = `/worlds/${workspace}`;
  const who = (is) => {
    const { apiKey, token } = personas.find(is);
    return apiKey ? { "X-API-Key": apiKey } : { Authorization: `Bearer ${token}` };
  };
  return {
    workspace,
    host,
    // Here the credential decides the workspace; `http://${host}/api/v1/app` is the workspace's own.
    baseUrl: `${MOCK}/api/v1/app`,
    // Headers of somebody of each role, and of one user.
    get admin() { return who((one) => one.role === "admin"); },
    get manager() { return who((one) => one.role === "manager"); },
    get user() { return who((one) => one.role === "user"); },
    as: (userId) => who((one) => one.userId === userId),
    // { now: "2030-05-15T10:00:00Z" }, { advanceSeconds: 86400 }, { frozen: true }
    clock: (change) => control("PUT", `${path}/clock`, change),
    // { kind: "too-many-requests", retryAfterSeconds: 1, times: 1 }
    fault: (fault) => control("POST", `${path}/faults`, fault),
    // The candidate books an invite on its public page.
    book: (inviteId, startAt) => control("POST", `${path}/invites/${inviteId}/booking`, { startAt }),
    // verify({ operationId: "createInvite" }, { count: 1 })
    verify: async (match, expected = { atLeast: 1 }) => {
      const verdict = await control("POST", "/requests/verify", { match: { workspace, ...match }, ...expected });
      if (!verdict.satisfied) throw new Error(JSON.stringify(verdict, null, 2));
    },
    delete: () => control("DELETE", path),
  };
}
