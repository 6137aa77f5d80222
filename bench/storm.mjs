// Starts a server on a fresh data folder, connects it to the stub provider that the login storm brings, runs the storm.
//   node bench/storm.mjs LOGIN_STORM [--es256] [ARGUMENT OF THE STORM...]
// With two cores and taskset at hand, the server has one to itself and the load the other.
import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { freePort } from "../tests/e2e/support/ports.mjs";
import { Symbolon } from "../tests/e2e/support/symbolon.mjs";

const redirectUri = "https://app.example/callback";
const [storm, ...given] = process.argv.slice(2);
const es256 = given.includes("--es256");
const passedOn = given.filter((argument) => argument !== "--es256");

const pins = availableParallelism() >= 2 && spawnSync("taskset", ["--version"]).status === 0;
const onCore = (core, command) => (pins ? ["taskset", "-c", String(core), ...command] : command);

const server = await Symbolon.start({ settings: { threads: 1, log_level: "warning" } });
if (pins) spawnSync("taskset", ["-a", "-c", "-p", "0", String(server.pid)]);
try {
  const stubPort = await freePort();
  const stub = `http://127.0.0.1:${stubPort}`;
  const api = await server.api();
  const client = await api.createClient({
    name: "storm",
    app_type: "regular_web",
    callbacks: [redirectUri],
    grant_types: ["authorization_code"],
    token_endpoint_auth_method: "client_secret_post",
    ...(es256 && { jwt_configuration: { alg: "ES256" } }),
  });
  // Every endpoint is given, since the stub only runs while the storm does.
  const connection = await api.createConnection({
    name: "storm",
    options: {
      type: "back_channel",
      issuer: stub,
      authorization_endpoint: `${stub}/authorize`,
      token_endpoint: `${stub}/token`,
      jwks_uri: `${stub}/jwks`,
      client_id: "broker",
      client_secret: "stub-secret",
      scope: "openid profile email",
    },
  });
  await api.enableClient(connection.id, client.client_id);

  const command = onCore(1, [
    storm,
    ...["--authorize-url", `${server.url}/authorize`, "--token-url", `${server.url}/oauth/token`],
    ...["--param", "connection=storm", "--redirect-uri", redirectUri],
    ...["--client-id", client.client_id, "--client-secret", client.client_secret],
    ...["--stub-port", String(stubPort), "--stub-client-id", "broker", "--stub-client-secret", "stub-secret"],
    ...["--pid", String(server.pid)],
    ...passedOn,
  ]);
  const running = spawn(command[0], command.slice(1), { stdio: ["ignore", "inherit", "inherit"] });
  process.exitCode = await new Promise((resolve) => running.on("exit", (code) => resolve(code ?? 1)));
} finally {
  await server.dispose();
}
