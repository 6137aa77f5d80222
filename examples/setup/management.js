import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Calls `/api/v2` with a token that it gets by client credentials, as any script of an administrator would. */
export class ManagementApi {
  #url;
  #token;
  /** The body that `/oauth/token` takes for another token like the one in use. */
  tokenRequest;

  constructor(url, token, tokenRequest) {
    this.#url = url;
    this.#token = token;
    this.tokenRequest = tokenRequest;
  }

  /** Signs in with the request kept in `file`; makes a client on the command line when there is none or it is no longer known. */
  static async connect({ url, binary, dataDir, file }) {
    if (existsSync(file)) {
      const known = { ...JSON.parse(readFileSync(file, "utf8")), audience: `${url}/api/v2/` };
      const token = await fetchToken(url, known);
      if (token) return new ManagementApi(url, token, known);
    }
    const made = execFileSync(binary, ["client", "create", "--name", "Demo setup", "--management", "--json", "--data-dir", dataDir]);
    const { client_id, client_secret } = JSON.parse(made);
    const request = { grant_type: "client_credentials", audience: `${url}/api/v2/`, client_id, client_secret };
    const token = await fetchToken(url, request);
    if (!token) throw new Error("Symbolon refused the management client that it has just made");
    return new ManagementApi(url, token, request);
  }

  async call(method, path, body) {
    const response = await fetch(`${this.#url}/api/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /api/v2/${path} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}

async function fetchToken(url, request) {
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  if (response.status === 401) return undefined;
  if (!response.ok) throw new Error(`/oauth/token answered ${response.status}: ${await response.text()}`);
  return (await response.json()).access_token;
}
