// The server's own pages in a real browser: they work without JavaScript, load nothing from elsewhere and say what is wrong.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { World } from "../support/world.mjs";

describe("pages", () => {
  let world, scene, chromium;

  before(async () => {
    world = await World.start();
    scene = await world.scene();
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await world?.dispose();
  });

  async function open(url, { javaScriptEnabled = false, ...options } = {}) {
    const context = await chromium.newContext({ javaScriptEnabled, ...options });
    const page = await context.newPage();
    const foreign = [];
    const complaints = [];
    page.on("request", (request) => request.url().startsWith("https://app.example/") || isOurs(request.url()) || foreign.push(request.url()));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.route("https://app.example/**", (route) => route.fulfill({ status: 200, body: `${route.request().method()} arrived` }));
    await page.goto(url);
    return { page, foreign, complaints };
  }

  const isOurs = (url) => url.startsWith(world.server.url) || url.startsWith(scene.issuer.url);

  it("an unknown application is explained, in English and French", async () => {
    for (const [locale, language] of [["en-GB", /^en/], ["fr-CA", /^fr/]]) {
      const { page, foreign } = await open(`${world.server.url}/authorize?client_id=nobody`, { locale });
      assert.match(await page.locator("html").getAttribute("lang"), language);
      assert.ok((await page.title()).length > 0);
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
      assert.deepEqual(foreign, []);
    }
  });

  it("fits a narrow screen without scrolling sideways", async () => {
    const { page } = await open(`${world.server.url}/authorize?client_id=nobody`, { viewport: { width: 320, height: 600 }, javaScriptEnabled: true });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  });

  it("form_post sends itself with JavaScript, and by a button without", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { url } = scene.application.request({ connection: scene.connection.name, response_mode: "form_post" });
      const { page, complaints } = await open(url, { javaScriptEnabled });
      if (!javaScriptEnabled) await page.getByRole("button").click();
      await page.getByText("POST arrived").waitFor();
      assert.deepEqual(complaints, []);
    }
  });

  it("a front-channel answer from another site arrives although the browser withholds cookies at first", async () => {
    const front = await world.scene({ channel: "front_channel" });
    for (const javaScriptEnabled of [true, false]) {
      const { url } = front.application.request({ connection: front.connection.name });
      const { page } = await open(url, { javaScriptEnabled });
      const button = page.getByRole("button").first();
      for (let presses = 0; presses < 3 && (await button.isVisible()); ++presses) await button.click();
      await page.getByText("GET arrived").waitFor();
    }
  });

  it("a failed login shows its reference, which can be selected and copied", async () => {
    const { page } = await open(`${world.server.callbackUrl}?state=unknown&code=x`);
    const reference = await page.locator("code#reference").innerText();
    assert.match(reference, /^[\w-]{4,32}$/);
  });
});
