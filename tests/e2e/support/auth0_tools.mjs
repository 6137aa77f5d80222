// Auth0's own tools, unchanged. They need a newer Node than the rest of these tests.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const [major, minor] = process.versions.node.split(".").map(Number);

/** Why the tools cannot run here; false when they can. */
export const unavailable = major > 20 || (major === 20 && minor >= 19) ? false : "auth0 and auth0-deploy-cli need Node 20.19";

/** A client that may do everything, on the command line. */
export async function managementCredentials(server) {
  const client = await server.createClient("--name", "tool", "--management");
  server.secrets.add(client.client_secret);
  return client;
}

/** npm `auth0`. It speaks https only and through Node's own fetch, which is told whom to trust. */
export async function managementClient(server, { client_id: clientId, client_secret: clientSecret }) {
  const { Agent, setGlobalDispatcher } = await import("undici");
  setGlobalDispatcher(new Agent({ connect: { ca: server.ca } }));
  const { ManagementClient } = await import("auth0");
  return new ManagementClient({ domain: server.host, clientId, clientSecret });
}

/** What the SDK threw, which must be an answer with that status. */
export async function refused(attempt, statusCode) {
  const error = await attempt().then(
    () => assert.fail("was not refused"),
    (thrown) => thrown,
  );
  assert.equal(error.statusCode, statusCode, String(error));
  return error;
}

/** Every item of every page. */
export async function all(pages) {
  const items = [];
  for await (const item of await pages) items.push(item);
  return items;
}

const deployCli = fileURLToPath(new URL("../node_modules/auth0-deploy-cli/lib/index.js", import.meta.url));

/** npm `auth0-deploy-cli` in a process and a folder of its own. */
export class DeployCli {
  #folder = mkdtempSync(join(tmpdir(), "symbolon-deploy-"));
  #settings;

  constructor(settings = {}) {
    this.#settings = settings;
  }

  path(name) {
    return join(this.#folder, name);
  }

  /** The tenant as YAML. */
  async export(server, credentials, name) {
    await this.#run(server, credentials, "export", "--format", "yaml", "--output_folder", this.path(name));
    return readFileSync(join(this.path(name), "tenant.yaml"), "utf8");
  }

  async import(server, credentials, name, mappings = {}) {
    await this.#run(server, credentials, "import", "--input_file", join(this.path(name), "tenant.yaml"), mappings);
  }

  dispose() {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #run(server, credentials, command, ...rest) {
    const mappings = typeof rest.at(-1) === "object" ? rest.pop() : {};
    const config = this.path(`${command}.json`);
    writeFileSync(
      config,
      JSON.stringify({
        AUTH0_DOMAIN: server.host,
        AUTH0_CLIENT_ID: credentials.client_id,
        AUTH0_CLIENT_SECRET: credentials.client_secret,
        AUTH0_KEYWORD_REPLACE_MAPPINGS: mappings,
        ...this.#settings,
      }),
    );
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(server.dataDir, "dev-ca.pem") };
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [deployCli, command, "--config_file", config, ...rest], { env });
      return stdout;
    } catch (error) {
      throw new Error(`a0deploy ${command} failed:\n${error.stdout}\n${error.stderr}`);
    }
  }
}
