import assert from "node:assert/strict";
import { send } from "./http.mjs";

/** The whole seed's options: everything on, nothing linked by itself. */
export const everything = { isLinkingAllowed: true, isCreationAllowed: true, isAutoCreation: true, isAutoUpdate: true };

/** `/admin/v1` and `/management/v1` with the personal access token of a service user. */
export class ZitadelApi {
  static async connect(server, ...args) {
    const { stdout } = await server.command("service-user", "create", "--json", "--name", "e2e robot", "--pat", ...args);
    const user = JSON.parse(stdout);
    server.secrets.add(user.personal_access_token);
    return new ZitadelApi(server, user);
  }

  #server;

  constructor(server, user) {
    this.#server = server;
    this.user = user;
    this.token = user.personal_access_token;
  }

  /** Any answer, good or bad. `body` goes out as it is. */
  send(method, path, json, { headers = {}, body, token = this.token } = {}) {
    return send(this.#server.url + path, {
      method,
      json,
      body,
      ca: this.#server.ca,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  }

  async #ok(method, path, json) {
    const answer = await this.send(method, path, json);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
    return answer.json;
  }

  /** Makes a generic OAuth provider for `upstream` and answers with its id; not offered yet. */
  async provider(upstream, { providerOptions = everything, ...rest } = {}) {
    const made = await this.#ok("POST", "/admin/v1/idps/oauth", {
      name: "My Provider",
      clientId: upstream.clientId,
      clientSecret: upstream.clientSecret,
      authorizationEndpoint: upstream.authorizationEndpoint,
      tokenEndpoint: upstream.tokenEndpoint,
      userEndpoint: upstream.userEndpoint,
      scopes: ["openid", "profile", "email"],
      idAttribute: upstream.idAttribute ?? "id",
      providerOptions,
      usePkce: true,
      ...rest,
    });
    return made.id;
  }

  offer(id) {
    return this.#ok("POST", "/admin/v1/policies/login/idps", { idpId: id });
  }

  withdraw(id) {
    return this.#ok("DELETE", `/admin/v1/policies/login/idps/${id}`);
  }

  async get(id) {
    return (await this.#ok("GET", `/admin/v1/idps/templates/${id}`)).idp;
  }

  remove(id) {
    return this.#ok("DELETE", `/admin/v1/idps/templates/${id}`);
  }
}

/** Lays `more` over the options of a connection, by the Management API. */
export async function changeOptions(api, name, more) {
  const [{ id, options: { client_secret: _, ...options } }] = (await api.send("GET", `connections?name=${name}`)).json;
  await api.updateConnection(id, { options: { ...options, ...more } });
}

/** The name under which /authorize and /api/v2 know a provider. */
export const connectionName = (id) => `idp-${id}`;
