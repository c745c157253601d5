// What a caller writes with the types of openapi-typescript. It is compiled, never run: each line that must not
// compile stands below `@ts-expect-error`.
import type { components, operations, paths } from "./app-api";
import type { components as control } from "./mock-control";

type Schemas = components["schemas"];
type Answer<Name extends keyof operations, Status extends keyof operations[Name]["responses"]> =
  operations[Name]["responses"][Status] extends { content: { "application/json": infer Body } } ? Body : never;
type Body<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { "application/json": infer Given } };
}
  ? Given
  : never;
type Query<Name extends keyof operations> = operations[Name]["parameters"]["query"];

// Invites: a mother or a direct invite, told apart by allowMultipleBookings.
export const mother: Body<"createInvite"> = {
  allowMultipleBookings: true,
  publicLinkValue: "product/demo",
  requiredAttendees: [{ type: "users", userIds: ["usr_ada"] }, { type: "labels", labelIds: ["lbl_engineering"] }],
  candidates: [],
  voteDeadlineAt: new Date().toISOString(),
  meeting: { meetingDurationMinutes: 30, title: "Product demo" },
};
export const direct: Body<"createInvite"> = {
  candidates: [{ name: "Grace Hopper", email: "grace@candidates.example" }],
  requiredAttendees: [{ type: "users", userIds: ["usr_ada"] }],
  voteDeadlineAt: "2099-07-01T00:00:00.000Z",
  meeting: { meetingDurationMinutes: 45, title: "First interview", description: null },
};
// @ts-expect-error A direct invite has no public link.
export const linked: Schemas["DirectInviteCreate"] = { ...direct, publicLinkValue: "product/demo" };
// @ts-expect-error An invite needs a meeting.
export const incomplete: Body<"createInvite"> = { allowMultipleBookings: true, requiredAttendees: [], voteDeadlineAt: "" };

export function describe(invite: Answer<"getInvite", 200>["data"]): string {
  switch (invite.kind) {
    case "direct":
    case "mother":
      return invite.meeting.title;
    case "sub":
      return `${invite.motherInviteId ?? ""}: ${invite.booking?.startAt ?? invite.status}`;
    default:
      return invite.kind satisfies never;
  }
}

export function names(attendees: Schemas["RequiredAttendees"]): string[] {
  return attendees.flatMap((group) => (group.type === "users" ? group.userIds : group.labelIds));
}

export function rename(invite: Answer<"createInvite", 201>["data"]): void {
  invite.publicLinkValue = null;
  // @ts-expect-error The id is read-only.
  invite.id = "inv_other";
}

// Lists: sort and filters are arrays, what must be given must be given.
export const invites: Query<"listInvites"> = { sort: ["status:asc", "createdAt:desc"], labelIds: ["lbl_engineering"] };
export const meetings: Query<"listMeetings"> = { from: "2099-01-01T00:00:00Z", to: "2099-12-31T00:00:00Z", page: 0 };
// @ts-expect-error `to` is missing.
export const endless: Query<"listMeetings"> = { from: "2099-01-01T00:00:00Z" };
// @ts-expect-error Nothing is sorted by color.
export const byColor: Query<"listLabels"> = { sort: ["color:asc"] };

export function upcoming(answer: Answer<"listMeetings", 200>): number {
  return answer.data.stats.reduce((sum, { upcoming }) => sum + upcoming, 0) - answer.data.total;
}

// Success and failure: the envelope tells which.
export function unwrap(answer: Answer<"deleteLabel", 200> | Answer<"deleteLabel", 409>): string {
  return answer.success ? answer.data.id : `${answer.error}: ${answer.message} (${answer.requestId})`;
}

// Paths, and the mock's control API beside them.
export const methods: Record<"get" | "post", keyof paths["/invites"]> = { get: "get", post: "post" };
export const label: Schemas["LabelCreate"] = { name: "Data", color: "#0F766E" };
export const labels: Body<"replaceUserLabels"> = { labelIds: ["lbl_engineering"] };
export const window: Body<"checkAvailability"> = { userIds: ["usr_ada"], startAt: "", endAt: "" };
export function credential(persona: control["schemas"]["Persona"]): string {
  return persona.apiKey ?? persona.token;
}
