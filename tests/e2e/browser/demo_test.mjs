// ./run as a newcomer meets it: one command, then a real browser signs in.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { launchChromium } from "../support/chromium.mjs";
import { send } from "../support/http.mjs";
import { freePort } from "../support/ports.mjs";
import { until } from "../support/waiting.mjs";

const top = fileURLToPath(new URL("../../..", import.meta.url));

describe("./run", () => {
  const state = mkdtempSync(join(tmpdir(), "symbolon-demo-"));
  let environment, demo, chromium;

  before(async () => {
    const [SYMBOLON_PORT, DEMO_IDP_PORT, DEMO_APP_PORT] = await Promise.all([freePort(), freePort(), freePort()]);
    environment = { ...process.env, DEMO_STATE: state, SYMBOLON_PORT, DEMO_IDP_PORT, DEMO_APP_PORT };
    demo = await start();
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await stop(demo);
    rmSync(state, { recursive: true, force: true });
  });

  async function start() {
    const child = spawn("./run", { cwd: top, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const started = { child, output: "", ended: new Promise((resolve) => child.on("exit", resolve)) };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (started.output += chunk));
    let over = false;
    started.ended.then(() => (over = true));
    await until("./run to print its addresses", () => over || /Ctrl-C/.test(started.output), { timeout: 120_000, every: 100 });
    assert.ok(!over, started.output);
    return started;
  }

  async function stop(started) {
    if (!started) return undefined;
    started.child.kill("SIGINT");
    return started.ended;
  }

  const appUrl = () => `http://localhost:${environment.DEMO_APP_PORT}`;

  async function page(options) {
    const context = await chromium.newContext(options);
    const opened = await context.newPage();
    opened.problems = [];
    opened.on("console", (message) => message.type() === "error" && opened.problems.push(message.text()));
    opened.on("requestfailed", (request) => opened.problems.push(`${request.url()}: ${request.failure()?.errorText}`));
    return opened;
  }

  async function signIn(at, way, person) {
    await at.goto(appUrl());
    await at.getByRole("link", { name: way, exact: true }).click();
    await at.getByRole("button", { name: person }).click();
    await at.getByRole("heading", { name: `Hello, ${person}` }).waitFor();
  }

  it("prints the addresses and how to get an API token", async () => {
    for (const words of [appUrl(), `http://localhost:${environment.SYMBOLON_PORT}`, "curl -s"]) {
      assert.ok(demo.output.includes(words), demo.output);
    }
    const command = /curl -s .*/.exec(demo.output)[0];
    const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd: top });
    const { access_token } = JSON.parse(stdout);
    const answer = await send(`http://localhost:${environment.SYMBOLON_PORT}/api/v2/connections`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    assert.deepEqual(answer.json.map(({ name }) => name).sort(), ["demo-back", "demo-front"]);
  });

  for (const javaScriptEnabled of [true, false]) {
    for (const [way, connection] of [["Sign in", "demo-back"], ["Sign in through the front channel", "demo-front"]]) {
      // Without JavaScript the provider's own form_post page needs a press of its button.
      it(`"${way}" works ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
        const opened = await page({ javaScriptEnabled });
        await opened.goto(appUrl());
        await opened.getByRole("link", { name: way, exact: true }).click();
        await opened.getByRole("button", { name: "Ada Nightingale" }).click();
        const done = opened.getByRole("heading", { name: "Hello, Ada Nightingale" });
        for (let presses = 0; presses < 3 && !javaScriptEnabled && !(await done.isVisible()); ++presses) {
          await opened.getByRole("button").first().click({ timeout: 5000 });
        }
        await done.waitFor();
        assert.match(await opened.getByRole("table").innerText(), new RegExp(`oidc\\|${connection}\\|ada`));
        await opened.context().close();
      });
    }
  }

  it("after signing out of the application, signing in again asks nothing", async () => {
    const opened = await page();
    await signIn(opened, "Sign in", "Chidi O'Hara");
    await opened.getByRole("link", { name: "Sign out of this application" }).click();
    await opened.getByRole("link", { name: "Sign in", exact: true }).click();
    await opened.getByRole("heading", { name: "Hello, Chidi O'Hara" }).waitFor();
    assert.deepEqual(opened.problems, []);
  });

  it("turning back at the provider is explained by the application", async () => {
    const opened = await page();
    await opened.goto(appUrl());
    await opened.getByRole("link", { name: "Sign in", exact: true }).click();
    await opened.getByRole("button", { name: "Cancel and go back" }).click();
    await opened.getByRole("heading", { name: "Sign-in failed" }).waitFor();
  });

  it("a second ./run on the same ports says which is taken, in one sentence", async () => {
    const child = spawn("./run", { cwd: top, env: environment, stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk) => (complaint += chunk));
    const code = await new Promise((resolve) => child.on("exit", resolve));
    assert.equal(code, 1);
    assert.equal(complaint.trim().split("\n").length, 1, complaint);
    assert.match(complaint, new RegExp(`port ${environment.SYMBOLON_PORT}`));
  });

  it("stops all three on Ctrl-C, and starts again within seconds with what was there", async () => {
    assert.equal(await stop(demo), 0);
    for (const port of [environment.SYMBOLON_PORT, environment.DEMO_IDP_PORT, environment.DEMO_APP_PORT]) {
      await assert.rejects(send(`http://127.0.0.1:${port}/`), { code: "ECONNREFUSED" });
    }
    const started = Date.now();
    demo = await start();
    assert.ok(Date.now() - started < 30_000);
    const opened = await page();
    await signIn(opened, "Sign in", "Ada Nightingale");
  });
});
