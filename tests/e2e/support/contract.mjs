// The server's own OpenAPI document, judged and used by an independent implementation of JSON Schema.
import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";

/** Validates answers of `/api/v2` against the document that the server publishes. */
export class Contract {
  static async of(server) {
    const answer = await server.send("/api/v2/openapi.json");
    assert.equal(answer.status, 200, answer.text);
    return new Contract(answer.json);
  }

  #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  #validators = new Map();
  #routes;

  constructor(document) {
    this.document = document;
    this.#ajv.addSchema({ $id: "contract", ...document });
    this.#routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
        pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
        literal: !path.includes("{"),
      })),
    );
  }

  /** Every operation: { method, path, operation }. */
  get operations() {
    return this.#routes;
  }

  find(method, path) {
    const found = this.#routes.filter((route) => route.method === method && route.pattern.test(path));
    return found.find(({ literal }) => literal) ?? found[0];
  }

  /** Fails unless the contract describes this answer: status, body, content type and ETag. */
  check(method, path, answer) {
    const where = `${method} ${path} → ${answer.status} ${answer.text.slice(0, 300)}`;
    const route = this.find(method, path.split("?")[0]);
    assert.ok(route, `the contract has no ${where}`);
    const response = this.#resolve(route.operation.responses[answer.status]);
    assert.ok(response, `the contract does not know this status: ${where}`);
    assert.equal(Boolean(response.headers?.ETag), answer.headers.etag !== undefined, `ETag: ${where}`);
    const schema = response.content?.["application/json"]?.schema;
    assert.equal(schema !== undefined, answer.body.length > 0, `body: ${where}`);
    if (!schema) return;
    assert.match(answer.headers["content-type"], /^application\/json/);
    const key = `${method} ${route.path} ${answer.status}`;
    if (!this.#validators.has(key)) this.#validators.set(key, this.#ajv.compile(this.#absolute(schema)));
    const validate = this.#validators.get(key);
    assert.ok(validate(answer.json), `${where}\n${this.#ajv.errorsText(validate.errors)}`);
  }

  #resolve(node) {
    return node?.$ref ? node.$ref.slice(2).split("/").reduce((at, key) => at[key], this.document) : node;
  }

  // References count from the document's root, wherever the schema stood.
  #absolute(node) {
    if (Array.isArray(node)) return node.map((one) => this.#absolute(one));
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, key === "$ref" ? `contract${value}` : this.#absolute(value)]),
    );
  }
}
