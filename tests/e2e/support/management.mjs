import assert from "node:assert/strict";
import { send } from "./http.mjs";

/** `/api/v2` with a token from client credentials. Methods named after resources insist on success. */
export class ManagementApi {
  static async connect(server, client) {
    const answer = await server.send("/oauth/token", {
      json: {
        grant_type: "client_credentials",
        client_id: client.client_id,
        client_secret: client.client_secret,
        audience: `${server.url}/api/v2/`,
      },
    });
    assert.equal(answer.status, 200, answer.text);
    server.secrets.add(answer.json.access_token);
    return new ManagementApi(server, answer.json.access_token);
  }

  #server;

  constructor(server, token) {
    this.#server = server;
    this.token = token;
  }

  /** Any answer, good or bad. */
  async send(method, path, json) {
    return send(`${this.#server.url}/api/v2/${path}`, {
      method,
      json,
      ca: this.#server.ca,
      headers: { authorization: `Bearer ${this.token}` },
    });
  }

  async #expect(status, method, path, json) {
    const answer = await this.send(method, path, json);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    return answer.body.length > 0 ? answer.json : undefined;
  }

  createConnection(connection) {
    return this.#expect(201, "POST", "connections", { strategy: "oidc", ...connection });
  }

  connection(id) {
    return this.#expect(200, "GET", `connections/${id}`);
  }

  updateConnection(id, change) {
    return this.#expect(200, "PATCH", `connections/${id}`, change);
  }

  deleteConnection(id) {
    return this.#expect(202, "DELETE", `connections/${id}`);
  }

  /** `status: false` takes the connection away from the application. */
  enableClient(connectionId, clientId, status = true) {
    return this.#expect(204, "PATCH", `connections/${connectionId}/clients`, [{ client_id: clientId, status }]);
  }

  createClient(client) {
    return this.#expect(201, "POST", "clients", client);
  }

  updateClient(id, change) {
    return this.#expect(200, "PATCH", `clients/${id}`, change);
  }

  deleteClient(id) {
    return this.#expect(204, "DELETE", `clients/${id}`);
  }

  async userCount() {
    return (await this.#expect(200, "GET", "users?include_totals=true&per_page=1")).total;
  }

  user(id) {
    return this.#expect(200, "GET", `users/${encodeURIComponent(id)}`);
  }
}
