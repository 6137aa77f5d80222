// One request, one answer. Unlike fetch: never follows, keeps every Set-Cookie, and sends whatever Host it is told to.
import http from "node:http";
import https from "node:https";

export class Answer {
  constructor(request, message, body) {
    this.method = request.method;
    this.url = request.url;
    this.status = message.statusCode;
    this.headers = message.headers;
    this.setCookies = message.headers["set-cookie"] ?? [];
    this.body = body;
  }

  get text() {
    return this.body.toString("utf8");
  }

  /** The body as JSON; the message of a failure shows what came instead. */
  get json() {
    try {
      return JSON.parse(this.text);
    } catch {
      throw new Error(`${this.method} ${this.url} answered ${this.status} without JSON: ${this.text.slice(0, 400)}`);
    }
  }
}

/**
 * `form` and `json` set body and content type; `ca` is a PEM to trust besides nothing else; `agent` keeps connections;
 * `locally` names hosts that are at 127.0.0.1 whatever the name service says.
 * Rejects when no answer comes within `timeout` milliseconds.
 */
export function send(url, { method, headers = {}, form, json, body, ca, agent, locally = [], timeout = 30_000 } = {}) {
  const target = new URL(url);
  const content = encodeBody({ form, json, body });
  const request = {
    method: method ?? (content.body === undefined ? "GET" : "POST"),
    url: String(target),
  };
  const options = {
    method: request.method,
    headers: { ...content.headers, ...lowerCased(headers) },
    ca,
    agent: agent ?? false,
    timeout,
    ...(locally.includes(target.hostname) && { lookup: (_name, { all }, done) => (all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4)) }),
  };
  if (content.body !== undefined) options.headers["content-length"] = Buffer.byteLength(content.body);
  return new Promise((resolve, reject) => {
    const outgoing = (target.protocol === "https:" ? https : http).request(target, options, (message) => {
      const chunks = [];
      message.on("data", (chunk) => chunks.push(chunk));
      message.on("error", reject);
      message.on("end", () => resolve(new Answer(request, message, Buffer.concat(chunks))));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${request.method} ${url}: no answer within ${timeout} ms`)));
    outgoing.on("error", reject);
    outgoing.end(content.body);
  });
}

function encodeBody({ form, json, body }) {
  if (form !== undefined) {
    return {
      body: new URLSearchParams(form).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
  }
  if (json !== undefined) return { body: JSON.stringify(json), headers: { "content-type": "application/json" } };
  return { body, headers: {} };
}

const lowerCased = (headers) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined).map(([name, value]) => [name.toLowerCase(), value]));

/** HTTP Basic with the form encoding that RFC 6749 §2.3.1 asks for. */
export const basic = (id, secret) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
