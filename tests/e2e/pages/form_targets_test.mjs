// Chromium judges a posted form by the whole chain of redirects that it starts: what a page allows must reach to the
// application, wherever that is. Without JavaScript.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { World } from "../support/world.mjs";

const nativeCallback = "com.example.app:/cb";

describe("a form leads on", () => {
  let world, chromium, issuer, home, hop;

  before(async () => {
    world = await World.start();
    issuer = await world.hostileIssuer();
    home = await listen("localhost", (request, response) => response.end("at home"));
    hop = await listen("127.0.0.1", (request, response) => response.writeHead(302, { location: `${home}/` }).end());
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await world?.dispose();
  });

  async function listen(host, answer) {
    const server = http.createServer(answer);
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    world.adopt({ dispose: () => server.close() });
    return `http://${host}:${server.address().port}`;
  }

  async function person(url) {
    const page = await (await chromium.newContext({ javaScriptEnabled: false })).newPage();
    page.complaints = [];
    page.on("console", (message) => message.type() === "error" && !/404/.test(message.text()) && page.complaints.push(message.text()));
    await page.goto(url);
    return page;
  }

  /** Presses the page's button; the browser has no program for the scheme that it is sent to, and stays. */
  async function pressTowardsTheDevice(page) {
    await Promise.all([page.waitForEvent("requestfailed"), page.locator("main form button").first().click()]);
    for (let i = 0; i < 3; ++i) await page.title(); // a complaint comes right behind
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }

  async function pressTowardsHome(page) {
    await page.locator("main form button").first().click();
    await page.getByText("at home").waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }

  const native = (more) => world.application({ app_type: "native", token_endpoint_auth_method: "none", callbacks: [nativeCallback], ...more });

  it("from a typed address to the application of a device", async () => {
    const application = await native();
    for (const domain of ["one.example", "two.example"]) await world.connection(issuer, { applications: [application], options: { domain_aliases: [domain] } });
    const page = await person(application.request().url);
    await page.locator("#identifier").fill("ann@one.example");
    await pressTowardsTheDevice(page);
  });

  it("from consent to the application of a device", async () => {
    const application = await native({ is_first_party: false });
    const { name } = await world.connection(issuer, { applications: [application] });
    await pressTowardsTheDevice(await person(application.request({ connection: name }).url));
  });

  it("from consent to a callback that leads on to another place", async () => {
    const application = await world.application({ is_first_party: false, callbacks: [`${hop}/callback`] });
    const { name } = await world.connection(issuer, { applications: [application] });
    await pressTowardsHome(await person(application.request({ connection: name }).url));
  });

  it("from a typed address to a callback that leads on to another place", async () => {
    const application = await world.application({ callbacks: [`${hop}/callback`] });
    for (const domain of ["one.example", "two.example"]) await world.connection(issuer, { applications: [application], options: { domain_aliases: [domain] } });
    const page = await person(application.request().url);
    await page.locator("#identifier").fill("ann@two.example");
    await pressTowardsHome(page);
  });

  it("from the signed-in account to a provider and from there to the application", async () => {
    const application = await world.application({ callbacks: [`${home}/`] });
    const first = await world.connection(issuer, { applications: [application] });
    await world.connection(issuer, { applications: [application] });
    const page = await person(application.request({ connection: first.name }).url);
    await page.getByText("at home").waitFor();
    await page.goto(application.request({ prompt: "select_account" }).url);
    await page.getByRole("heading", { name: "Choose an account" }).waitFor();
    // Meanwhile the account's connection is withdrawn, so that the other one has to prove the person.
    await world.api.enableClient(first.id, application.id, false);
    const before = issuer.calls.authorize.length;
    await pressTowardsHome(page);
    assert.equal(issuer.calls.authorize.length, before + 1);
  });
});
