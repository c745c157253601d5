// Starts Swagger UI and, above it, the choice of whom to act as. Names come from the workspaces and may hold anything:
// they are only ever set as text.
"use strict";

const personas = JSON.parse(document.getElementById("personas").textContent);

// What a persona can send, best first: what it is called, Swagger UI's name for the scheme, and the secret's member.
const CREDENTIALS = [
  ["API key", "ApiKeyAuth", "apiKey"],
  ["kailenty token", "BearerAuth", "token"],
  ["Microsoft token", "BearerAuth", "microsoftToken"],
];

const swagger = SwaggerUIBundle({
  url: "/api/v1/app/openapi.json",
  dom_id: "#explorer",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null, // nothing leaves this host
  plugins: [emptyUnlessRequired],
  onComplete: () => {
    if (personas.length) showPicker();
  },
});

// Swagger UI fills its forms with examples, and would so narrow every list by every filter at once.
function emptyUnlessRequired() {
  const emptied = (node) => {
    if (node === null || typeof node !== "object") return;
    if (node.in === "query" && !node.required) delete node.example;
    Object.values(node).forEach(emptied);
  };
  const updateJsonSpec = (original) => (document) => {
    emptied(document);
    return original(document);
  };
  return { statePlugins: { spec: { wrapActions: { updateJsonSpec } } } };
}

function showPicker() {
  const picker = document.getElementById("act-as").content.cloneNode(true);
  const persona = picker.getElementById("persona");
  const credential = picker.getElementById("credential");

  persona.append(option("nobody", ""));
  for (const [workspace, members] of byWorkspace()) {
    const group = document.createElement("optgroup");
    group.label = workspace;
    group.append(...members.map(([index, member]) => option(describe(member), index)));
    persona.append(group);
  }
  const chosen = () => personas[persona.value]; // undefined for nobody
  const offer = () => {
    const available = CREDENTIALS.filter(([, , member]) => chosen()?.[member]);
    credential.replaceChildren(...available.map(([name, , member]) => option(name, member)));
    credential.disabled = available.length === 0;
    authorize(chosen(), credential.value);
  };
  persona.addEventListener("change", offer);
  credential.addEventListener("change", () => authorize(chosen(), credential.value));

  persona.value = String(firstAdmin());
  offer();
  document.body.prepend(picker);
}

function byWorkspace() {
  const groups = new Map();
  personas.forEach((member, index) => {
    groups.set(member.workspace, [...(groups.get(member.workspace) ?? []), [index, member]]);
  });
  return groups;
}

// The first active admin of the workspace that this host names, or of all where it names none; else nobody.
function firstAdmin() {
  const admins = personas.filter((member) => member.role === "admin" && member.status === "active");
  const first = admins.find((member) => member.host === location.host) ?? admins[0];
  return first ? personas.indexOf(first) : "";
}

function describe(member) {
  const standing = member.status === "active" ? member.role : `${member.role}, ${member.status}`;
  return `${member.name} (${standing})`;
}

function option(text, value) {
  const element = document.createElement("option");
  element.textContent = text;
  element.value = value;
  return element;
}

// Two credentials in one request are refused, so the other scheme is always left.
function authorize(member, secret) {
  const left = [...swagger.authSelectors.authorized().keys()];
  if (left.length) swagger.authActions.logout(left);
  const [, scheme] = CREDENTIALS.find(([, , name]) => name === secret) ?? [];
  if (member && scheme) swagger.preauthorizeApiKey(scheme, member[secret]);
}
