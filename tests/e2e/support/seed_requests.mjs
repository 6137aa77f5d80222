// The requests that the product's source documents print, taken from those documents where they are at hand.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.env.SYMBOLON_SEEDS ?? fileURLToPath(new URL("../../../../shared/seeds", import.meta.url));

const inline = {
  curl: [
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "front_channel", "discovery_url": "https://IDP_DOMAIN/.well-known/openid-configuration", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } }`,
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "back_channel", "discovery_url": "https://IDP_DOMAIN/.well-known/openid-configuration", "client_id" : "IDP_CLIENT_ID", "client_secret" : "IDP_CLIENT_SECRET", "scopes": "openid profile" } }`,
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "back_channel", "issuer": "https://IDP_DOMAIN", "authorization_endpoint": "https://IDP_DOMAIN/authorize", "client_secret" : "IDP_CLIENT_SECRET", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } }`,
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "front_channel", "issuer": "https://IDP_DOMAIN", "authorization_endpoint": "https://IDP_DOMAIN/authorize", "token_endpoint": "https://IDP_DOMAIN/oauth/token", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } }`,
  ],
  har: [
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "front_channel", "discovery_url": "https://IDP_DOMAIN/.well-known/openid-configuration", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } }`,
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "back_channel", "discovery_url": "https://IDP_DOMAIN/.well-known/openid-configuration", "client_id" : "IDP_CLIENT_ID", "client_secret" : "IDP_CLIENT_SECRET", "scopes": "openid profile" } }`,
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "front_channel", "issuer": "https://IDP_DOMAIN", "authorization_endpoint": "https://IDP_DOMAIN/authorize", "token_endpoint": "https://IDP_DOMAIN/oauth/token", "jwks_uri": "https://IDP_DOMAIN/.well-known/jwks.json", "client_id" : "IDP_CLIENT_ID",  "client_secret" : "IDP_CLIENT_SECRET", "scopes": "openid profile" } }`,
    `{ "strategy": "oidc", "name": "CONNECTION_NAME", "options": { "type": "back_channel", "issuer": "https://IDP_DOMAIN", "authorization_endpoint": "https://IDP_DOMAIN/authorize", "jwks_uri": "https://IDP_DOMAIN/.well-known/jwks.json", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } }`,
  ],
};

const curlCommand = (data) =>
  `curl --request POST \\\n  --url 'https://{yourDomain}/api/v2/connections' \\\n  --header 'authorization: Bearer MGMT_API_ACCESS_TOKEN' \\\n  --data '${data}'`;

/** Documents 000 and 001: shell commands. Document 002: recorded requests. */
export function seedRequests() {
  if (!existsSync(folder)) {
    return {
      "document 000": inline.curl.map((data) => ({ curl: curlCommand(data) })),
      "document 002": inline.har.map((text) => ({ har: { mimeType: "application/json", text } })),
    };
  }
  const document = (number) => readFileSync(join(folder, readdirSync(folder).find((name) => name.startsWith(number))), "utf8");
  return {
    "document 000": commands(document("000")),
    "document 001": commands(document("001")),
    "document 002": recordings(document("002")),
  };
}

const commands = (text) => [...text.matchAll(/^ *curl --request POST \\\n(?:.*\\\n)*.*--data '[^']*'/gm)].map(([curl]) => ({ curl }));

const recordings = (text) => [...text.matchAll(/```har\n([\s\S]*?)```/g)].map(([, har]) => ({ har: JSON.parse(har).postData }));

/** What the request says, with the reader's own values filled in. */
export function fillIn(text, values) {
  const names = Object.keys(values).sort((a, b) => b.length - a.length);
  return names.reduce((filled, name) => filled.replaceAll(name, values[name]), text);
}

/** Runs a command as it stands; the trust anchor and the wish to see the status come from curl's own environment. */
export function runCurl(command, caFile) {
  const home = mkdtempSync(join(tmpdir(), "symbolon-curl-"));
  writeFileSync(join(home, ".curlrc"), 'silent\nshow-error\nwrite-out = "\\n%{http_code}"\n');
  return new Promise((resolve, reject) => {
    execFile("bash", ["-c", command], { env: { ...process.env, CURL_HOME: home, CURL_CA_BUNDLE: caFile } }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`${error.message}\n${stderr}`));
      const at = stdout.lastIndexOf("\n");
      resolve({ status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) });
    });
  });
}
