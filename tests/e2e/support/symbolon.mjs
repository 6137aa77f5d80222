import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { send } from "./http.mjs";
import { ManagementApi } from "./management.mjs";
import { freePort } from "./ports.mjs";
import { toToml } from "./toml.mjs";
import { until } from "./waiting.mjs";

const top = fileURLToPath(new URL("../../..", import.meta.url));

/** The server under test: SYMBOLON_BIN, otherwise the build with the most checks that is there. */
export function serverBinary() {
  const candidates = [process.env.SYMBOLON_BIN, ...["asan", "dev", "release"].map((preset) => join(top, "build", preset, "symbolon"))];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Error("no symbolon binary: set SYMBOLON_BIN, or build the preset asan");
  return found;
}

/** The tests' providers are on loopback, and mostly on plain http. */
const loopbackProviders = { insecure_upstreams: true, allowed_networks: ["127.0.0.0/8", "::1/128"] };

// A test run that dies must not leave servers behind.
const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/**
 * One server process on a data folder of its own.
 *
 * `start()` may be called again after `stop()` or `kill()` and goes on with the same data, port and URL. Every line it
 * logs is kept; values added to `secrets` must never be among them, which `stop()` checks.
 */
export class Symbolon {
  static async start(options) {
    const server = new Symbolon(options);
    server.#port = await freePort();
    server.#writeSettings();
    await server.start();
    return server;
  }

  /** Every line on standard error since the first start. */
  lines = [];
  /** Values that no log line may hold. */
  secrets = new Set();

  #https;
  #hostname;
  #settings;
  #folder = mkdtempSync(join(tmpdir(), "symbolon-e2e-"));
  #port;
  #process;
  #api;

  /**
   * `https`: with a generated authority, instead of http on loopback. `hostname`: of the public URL; two servers that one
   * browser visits need two, since cookies do not tell ports apart. `settings`: more of the configuration file, or other
   * values than those that let the server call the tests' providers.
   */
  constructor({ https = false, hostname = https ? "127.0.0.1" : "localhost", settings = {} } = {}) {
    this.#https = https;
    this.#hostname = hostname;
    this.#settings = { log_format: "json", ...(https ? { dev: true } : loopbackProviders), ...settings };
  }

  get host() {
    return `${this.#hostname}:${this.#port}`;
  }

  get url() {
    return `${this.#https ? "https" : "http"}://${this.host}`;
  }

  get issuer() {
    return `${this.url}/`;
  }

  get callbackUrl() {
    return `${this.url}/login/callback`;
  }

  /** The same endpoint under ZITADEL's names; the first is what providers made by its API are sent. */
  get zitadelCallbackUrls() {
    return [`${this.url}/ui/login/login/externalidp/callback`, `${this.url}/idps/callback`];
  }

  get dataDir() {
    return join(this.#folder, "data");
  }

  get configFile() {
    return join(this.#folder, "symbolon.toml");
  }

  get pid() {
    return this.#process?.pid;
  }

  /** The certificate authority that a client must trust; undefined on plain http. */
  get ca() {
    return this.#https ? readFileSync(join(this.dataDir, "dev-ca.pem"), "utf8") : undefined;
  }

  async start() {
    const started = spawn(serverBinary(), ["serve", "--config", join(this.#folder, "symbolon.toml")], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ASAN_OPTIONS: "detect_stack_use_after_return=1", UBSAN_OPTIONS: "print_stacktrace=1" },
    });
    this.#process = started;
    running.add(started);
    started.ended = new Promise((resolve) =>
      started.on("exit", (code, signal) => {
        running.delete(started);
        resolve({ code, signal });
      }),
    );
    this.#collect(started.stderr);
    const ended = started.ended.then(({ code, signal }) => {
      throw new Error(`symbolon ended with ${signal ?? code} before it was ready:\n${this.lines.slice(-20).join("\n")}`);
    });
    await Promise.race([ended, until("/readyz to answer 200", () => this.#isReady(), { timeout: 30_000 })]);
    // From here on an exit is the business of stop() and kill().
    ended.catch(() => {});
  }

  /** Asks it to finish, and checks that it did so cleanly and kept every secret to itself. */
  async stop() {
    if (!this.#process) return;
    const { code, signal } = await this.#signal("SIGTERM");
    const complaint = this.lines.find((line) => /Sanitizer|runtime error:/.test(line));
    if (complaint) throw new Error(`symbolon: ${this.lines.slice(this.lines.indexOf(complaint)).slice(0, 40).join("\n")}`);
    if (code !== 0) throw new Error(`symbolon ended with ${signal ?? code} after SIGTERM:\n${this.lines.slice(-20).join("\n")}`);
    this.assertNoSecretsInLog();
  }

  /** No chance to finish anything. */
  async kill() {
    await this.#signal("SIGKILL");
  }

  /** Stops and forgets: the data folder goes. */
  async dispose() {
    try {
      await this.stop();
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  assertNoSecretsInLog() {
    for (const secret of this.secrets) {
      const line = this.lines.find((text) => text.includes(secret));
      if (line) throw new Error(`a log line holds a secret (${secret.slice(0, 8)}…): ${line}`);
    }
  }

  /** Log lines so far as objects. */
  get events() {
    return this.lines.flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }

  /** A position in the log, for `eventsSince`. */
  mark() {
    return this.lines.length;
  }

  eventsSince(mark, name) {
    return this.lines.slice(mark).flatMap((line) => {
      try {
        const event = JSON.parse(line);
        return event.event === name ? [event] : [];
      } catch {
        return [];
      }
    });
  }

  async send(path, options) {
    return send(this.url + path, { ca: this.ca, ...options });
  }

  /** Makes an application on the command line, while the server runs. */
  async createClient(...args) {
    const { stdout } = await this.command("client", "create", "--json", ...args);
    return JSON.parse(stdout);
  }

  async command(...args) {
    return promisify(execFile)(serverBinary(), [...args, "--data-dir", this.dataDir]);
  }

  /** The Management API with a token that may do everything; made once. */
  async api() {
    this.#api ??= this.createClient("--name", "e2e management", "--management").then((client) => {
      this.secrets.add(client.client_secret);
      return ManagementApi.connect(this, client);
    });
    return this.#api;
  }

  #writeSettings() {
    const settings = {
      public_url: this.url,
      listen: `127.0.0.1:${this.#port}`,
      data_dir: this.dataDir,
      ...this.#settings,
    };
    writeFileSync(join(this.#folder, "symbolon.toml"), toToml(settings));
  }

  #collect(stream) {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      this.lines.push(...lines);
    });
  }

  async #isReady() {
    try {
      return (await this.send("/readyz", { timeout: 1000 })).status === 200;
    } catch {
      return false;
    }
  }

  async #signal(name) {
    const { ended } = this.#process;
    this.#process.kill(name);
    this.#process = undefined;
    return ended;
  }
}
