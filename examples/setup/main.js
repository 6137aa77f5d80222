// Connects the demo's application and identity provider through the Management API. Repeating it changes nothing.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { required } from "../shared/environment.js";
import { ManagementApi } from "./management.js";

const url = required("SYMBOLON_URL");
const state = required("DEMO_STATE");
const appUrl = required("DEMO_APP_URL");

const api = await ManagementApi.connect({
  url,
  binary: required("SYMBOLON_BIN"),
  dataDir: required("SYMBOLON_DATA"),
  file: join(state, "token-request.json"),
});

const client = await ensureClient({
  name: "Demo application",
  app_type: "regular_web",
  callbacks: [`${appUrl}/callback`],
  grant_types: ["authorization_code"],
  token_endpoint_auth_method: "client_secret_basic",
});
const idp = {
  discovery_url: required("DEMO_IDP_URL"),
  client_id: required("DEMO_IDP_CLIENT_ID"),
  scopes: "openid profile email",
};
const connections = [
  {
    name: "demo-back",
    display_name: "Acme (back channel)",
    options: { type: "back_channel", ...idp, client_secret: required("DEMO_IDP_CLIENT_SECRET") },
  },
  { name: "demo-front", display_name: "Acme (front channel)", options: { type: "front_channel", ...idp } },
];
for (const wanted of connections) {
  const { id } = await ensureConnection(wanted);
  await api.call("PATCH", `connections/${id}/clients`, [{ client_id: client.client_id, status: true }]);
}
keep("app.json", { client_id: client.client_id, client_secret: client.client_secret });
keep("token-request.json", api.tokenRequest);

function keep(name, value) {
  writeFileSync(join(state, name), JSON.stringify(value), { mode: 0o600 });
}

async function ensureClient(wanted) {
  const { clients } = await api.call("GET", "clients?include_totals=true&per_page=100&is_global=false");
  const found = clients.find(({ name, app_type }) => name === wanted.name && app_type === wanted.app_type);
  if (!found) return api.call("POST", "clients", wanted);
  if (same(found.callbacks, wanted.callbacks)) return found;
  return api.call("PATCH", `clients/${found.client_id}`, { callbacks: wanted.callbacks });
}

async function ensureConnection(wanted) {
  const [found] = await api.call("GET", `connections?name=${wanted.name}`);
  if (!found) return api.call("POST", "connections", { strategy: "oidc", ...wanted });
  const unchanged = Object.entries(wanted.options).every(([name, value]) => same(found.options[name], value));
  if (unchanged) return found;
  return api.call("PATCH", `connections/${found.id}`, { options: wanted.options });
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
