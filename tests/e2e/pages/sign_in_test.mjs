// What people see when they sign in, in real Chromium: every page, with and without JavaScript, in both languages and
// themes, from phone to desktop. SCREENSHOTS=folder keeps pictures to look at.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { World } from "../support/world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const icon = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32"><rect width="64" height="32" fill="#c02"/></svg>';

describe("signing in", () => {
  let world, chromium, callback, scene, second, buttons, thirdParty, remembered;
  const contexts = [];

  before(async () => {
    world = await World.start();
    callback = await application();
    const client = { callbacks: [callback] };
    scene = await world.scene({ client: { ...client, name: "Shop" }, display_name: "Corp", options: { domain_aliases: ["corp.example", "shared.example"] } });
    second = await world.connection(await world.hostileIssuer(), {
      applications: [scene.application],
      display_name: "École polytechnique",
      show_as_button: true,
      options: { domain_aliases: ["shared.example"], icon_url: "https://icons.example/good.svg" },
    });
    buttons = await world.application({ ...client, name: "Buttons only" });
    for (const [display_name, icon_url] of [["Zulu", "https://icons.example/broken.png"], ["Alpha", "https://icons.example/good.svg"]]) {
      await world.connection(scene.issuer, { applications: [buttons], display_name, show_as_button: true, options: { icon_url } });
    }
    thirdParty = await world.application({ ...client, name: "Partner portal", is_first_party: false });
    remembered = await world.application({ ...client, is_first_party: false, skip_non_verifiable_callback_uri_confirmation_prompt: true });
    await world.connection(scene.issuer, { display_name: "Everybody", is_domain_connection: true });
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await world?.dispose();
  });

  async function application() {
    const server = http.createServer((request, response) => response.end(`arrived ${request.url}`));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    world.adopt({ dispose: () => server.close() });
    return `http://127.0.0.1:${server.address().port}/callback`;
  }

  /** A person with a browser of their own, in front of `client`. */
  async function person(client, { parameters = {}, ...options } = {}) {
    const context = await chromium.newContext({ locale: "en-GB", javaScriptEnabled: false, ...options });
    contexts.push(context);
    const page = await context.newPage();
    await page.route("https://icons.example/**", (route) =>
      route.request().url().endsWith("good.svg") ? route.fulfill({ contentType: "image/svg+xml", body: icon }) : route.fulfill({ status: 404 }),
    );
    page.complaints = [];
    page.on("console", (message) => message.type() === "error" && !/broken\.png|404/.test(message.text()) && page.complaints.push(message.text()));
    page.openClient = async (other = client, more = parameters) => page.goto(other.request({ redirect_uri: callback, ...more }).url);
    await page.openClient();
    return page;
  }

  const arrived = async (page) => {
    await page.getByText("arrived /callback?").waitFor();
    assert.deepEqual(page.complaints, []);
    return new URL(page.url()).searchParams;
  };

  for (const javaScriptEnabled of [false, true]) {
    const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

    it(`a typed address leads to its provider and back, ${how}`, async () => {
      const page = await person(scene.application, { javaScriptEnabled });
      assert.match(page.url(), /\/u\/login\/identifier\?state=/);
      await page.getByLabel("Work email address").fill("ann@corp.example");
      await page.getByRole("button", { name: "Continue" }).click();
      assert.ok((await arrived(page)).get("code"));
      assert.equal(scene.issuer.calls.authorize.at(-1).query.get("login_hint"), "ann@corp.example");
    });

    it(`a shared domain is a choice, ${how}`, async () => {
      const page = await person(scene.application, { javaScriptEnabled });
      await page.getByLabel("Work email address").fill("ann@shared.example");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Choose how to continue" }).waitFor();
      assert.deepEqual(await page.getByRole("listitem").allInnerTexts(), ["Continue with Corp", "Continue with École polytechnique"]);
      await page.getByRole("link", { name: "École polytechnique" }).click();
      assert.ok((await arrived(page)).get("code"));
    });

    it(`consent is asked, refused and given, ${how}`, async () => {
      const page = await person(thirdParty, { javaScriptEnabled });
      await page.getByRole("heading", { name: "Allow access" }).waitFor();
      await page.getByText("Partner portal asks").waitFor();
      await page.getByRole("button", { name: "Decline" }).click();
      await page.getByRole("heading", { name: "Access was not allowed" }).waitFor();
      await page.openClient();
      await page.getByRole("button", { name: "Allow" }).click();
      assert.ok((await arrived(page)).get("code"));
      await page.openClient(); // a loopback callback is confirmed each time
      await page.getByRole("heading", { name: "Allow access" }).waitFor();
    });
  }

  it("consent is remembered for the person and the application", async () => {
    const parameters = { scope: "openid email" };
    const page = await person(remembered, { parameters });
    await page.getByRole("button", { name: "Allow" }).click();
    assert.ok((await arrived(page)).get("code"));
    for (const prompt of [undefined, "none"]) {
      await page.openClient(remembered, { ...parameters, prompt });
      assert.ok((await arrived(page)).get("code"), "asked again");
    }
    await page.openClient(remembered, { scope: "openid profile email" });
    await page.getByRole("heading", { name: "Allow access" }).waitFor();
  });

  it("a single connection with a button is a page with that button", async () => {
    const single = await world.application({ callbacks: [callback] });
    const connection = await world.connection(scene.issuer, { applications: [single], display_name: "Only", show_as_button: true });
    const page = await person(single);
    await page.getByRole("link", { name: "Continue with Only" }).click();
    assert.ok((await arrived(page)).get("code"));
    await world.api.updateConnection(connection.id, { show_as_button: false });
    assert.ok((await arrived(await person(single))).get("code"));
  });

  it("a domain that nobody has is said at the field, and the page stays usable", async () => {
    const page = await person(scene.application);
    await page.getByLabel("Work email address").fill("ann@nobody.example");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").getByText("No sign-in method found for nobody.example").waitFor();
    assert.match(await page.title(), /^Error – /);
    assert.equal(await page.locator(":focus").getAttribute("id"), "identifier");
    assert.equal(await page.getByLabel("Work email address").inputValue(), "ann@nobody.example");
    await page.getByLabel("Work email address").fill("");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").getByText("Enter your email address").waitFor();
    await page.goto(page.url()); // as if the address were entered again
    await page.getByLabel("Work email address").waitFor();
    await page.getByRole("link", { name: "École polytechnique" }).click();
    assert.ok((await arrived(page)).get("code"));
  });

  it("buttons stand in order, with an icon of 20 by 20 or a glyph", async () => {
    const page = await person(buttons, { javaScriptEnabled: true });
    assert.match(page.url(), /\/u\/login\?state=/);
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await page.getByRole("listitem").allInnerTexts(), ["Continue with Alpha", "Continue with Zulu"]);
    const box = await page.locator("li img").first().boundingBox();
    assert.deepEqual([box.width, box.height], [20, 20]);
    // In place of the broken picture a person sees the glyph, which the page without any picture has as well.
    const picture = async (name) => (await page.getByRole("link", { name }).locator(".icon").screenshot()).toString("base64");
    const broken = await picture("Zulu");
    assert.notEqual(broken, await picture("Alpha"));
    await shot(page, "buttons");
    await page.evaluate(() => document.querySelector("li:last-child .icon").replaceChildren());
    assert.notEqual(broken, await picture("Zulu"), "the place of the broken picture is empty");
  });

  it("the last choice is offered again, also where it has no button", async () => {
    const page = await person(scene.application);
    await page.getByLabel("Work email address").fill("ann@corp.example");
    await page.getByRole("button", { name: "Continue" }).click();
    await arrived(page);
    await page.openClient(scene.application, { prompt: "login" });
    assert.deepEqual(await page.getByRole("listitem").allInnerTexts().then((all) => all.map((text) => text.split("\n")[0])), ["Continue with Corp", "Continue with École polytechnique"]);
    await page.getByRole("link", { name: "Continue with Corp Last used" }).click();
    assert.ok((await arrived(page)).get("code"));
  });

  it("the last choice moves to the front of the buttons", async () => {
    const page = await person(buttons, { javaScriptEnabled: true, viewport: { width: 320, height: 720 } });
    await page.getByRole("link", { name: "Zulu" }).click();
    await arrived(page);
    await page.openClient(buttons, { prompt: "login" });
    const first = page.getByRole("listitem").first();
    await first.getByText("Last used").waitFor();
    // On a narrow page the badge stands below: the label keeps its words whole.
    const [label, badge] = await Promise.all([first.getByText("Continue with").boundingBox(), first.locator(".badge").boundingBox()]);
    assert.ok(badge.y >= label.y + label.height || badge.x >= label.x + label.width);
    assert.equal(label.height, 24, "one line");
    await shot(page, "last-choice-320");
  });

  it("a picture that cannot be had has its stand-in with forced colours too", async () => {
    const page = await person(buttons, { javaScriptEnabled: true, forcedColors: "active" });
    await page.waitForLoadState("networkidle");
    const picture = async () => (await page.getByRole("link", { name: "Zulu" }).locator(".icon").screenshot()).toString("base64");
    const shown = await picture();
    await page.evaluate(() => document.querySelector("li:last-child .icon").replaceChildren());
    assert.notEqual(shown, await picture(), "the place is empty");
  });

  it("the tenant's colours stay readable", async () => {
    const colours = (primary, page_background) => world.api.send("PATCH", "branding", { colors: { primary, page_background } });
    try {
      // Where the nearer of black and white is hard to tell; the page's colour is one for day.
      for (const primary of ["#ff4f00", "#e6007e", "#00a3e0", "#767676"]) {
        assert.equal((await colours(primary, "#fff3d6")).status, 200);
        for (const colorScheme of ["light", "dark"]) {
          const page = await person(scene.application, { colorScheme, javaScriptEnabled: true, bypassCSP: true });
          await accessible(page);
          const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
          assert.equal(background === "rgb(255, 243, 214)", colorScheme === "light");
          await page.context().close();
        }
      }
    } finally {
      await world.api.send("PATCH", "branding", { colors: null });
    }
  });

  it("an account can be kept or changed", async () => {
    const page = await person(scene.application, { parameters: { connection: scene.connection.name } });
    await arrived(page);
    await page.openClient(scene.application, { prompt: "select_account" });
    await page.getByRole("button", { name: "Continue as one@people.example" }).click();
    assert.ok((await arrived(page)).get("code"));
    await page.openClient(scene.application, { prompt: "select_account" });
    await page.getByRole("link", { name: "Use another account" }).click();
    await page.getByLabel("Work email address").waitFor();
  });

  it("who turns back at the provider finds the choice again", async () => {
    const page = await person(scene.application);
    scene.issuer.on.authorize = (answer) => void (answer.params = { error: "access_denied", state: answer.params.state });
    await page.getByLabel("Work email address").fill("ann@corp.example");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("That sign-in was not finished").waitFor();
    delete scene.issuer.on.authorize;
    await shot(page, "again");
    assert.equal(await page.getByLabel("Work email address").inputValue(), "ann@corp.example");
    await page.getByRole("button", { name: "Continue" }).click();
    assert.ok((await arrived(page)).get("code"));
  });

  // Every page that a person can meet here, reached from nothing.
  const views = {
    identifier: (options) => person(scene.application, { parameters: { login_hint: "ann@corp.example" }, ...options }),
    miss: async (options) => {
      const page = await person(scene.application, options);
      await page.locator("#identifier").fill("ann@a-very-long-domain-name-that-nobody-has-registered.example");
      await page.locator("main form button").click();
      return page;
    },
    select: async (options) => {
      const page = await person(scene.application, options);
      await page.locator("#identifier").fill("ann@shared.example");
      await page.locator("main form button").click();
      return page;
    },
    buttons: (options) => person(buttons, options),
    account: async (options) => {
      const page = await person(scene.application, { ...options, parameters: { connection: scene.connection.name } });
      await page.openClient(scene.application, { prompt: "select_account" });
      return page;
    },
    forbidden: async (options) => {
      const page = await person(scene.application, options);
      await page.locator("input[name=token]").evaluate((field) => (field.value = "spoiled"));
      await page.locator("#identifier").fill("ann@corp.example");
      await page.locator("main form button").click();
      return page;
    },
    consent: (options) => person(thirdParty, { ...options, parameters: { scope: "openid profile email offline_access" } }),
    declined: async (options) => {
      const page = await person(thirdParty, options);
      await page.locator("button[value=decline]").click();
      return page;
    },
    "callback mismatch": (options) => person(scene.application, { ...options, parameters: { redirect_uri: "https://elsewhere.example/" } }),
    "form post": async (options) => {
      const page = await person(scene.application, options);
      await page.route(`${callback}**`, (route) => route.fulfill({ status: 204 })); // the page sends itself off, and stays
      const request = scene.application.request({ redirect_uri: callback, connection: scene.connection.name, response_mode: "form_post" });
      await page.goto(request.url, { waitUntil: "commit" });
      await page.locator("input[name=code]").waitFor({ state: "attached" });
      return page;
    },
    "try page": async (options) => {
      const page = await person(scene.application, options);
      const { url } = (await world.api.send("POST", `connections/${scene.connection.id}/try`)).json;
      await page.goto(url);
      return page;
    },
    error: async (options) => {
      const page = await person(scene.application, options);
      await page.goto(`${world.server.callbackUrl}?state=unknown&code=x`);
      return page;
    },
    ended: async (options) => {
      const page = await person(scene.application, options);
      await page.goto(`${world.server.url}/u/login`);
      return page;
    },
  };

  async function shot(page, name) {
    if (!process.env.SCREENSHOTS) return;
    mkdirSync(process.env.SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
  }

  async function accessible(page) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
  }

  /** Both themes, on a desk and on a phone. */
  async function looksWell(page, name) {
    await page.waitForLoadState("networkidle");
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
    for (const [colorScheme, width] of [["light", 1200], ["dark", 320]]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 720 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      await shot(page, `${name}-${colorScheme}-${width}`);
      await accessible(page);
    }
  }

  for (const [name, open] of Object.entries(views)) {
    it(`${name}: accessible, in English and French, light and dark, phone and desktop`, async () => {
      for (const [locale, language] of [["en-GB", "en"], ["fr-CA", "fr-CA"]]) {
        const page = await open({ javaScriptEnabled: true, locale, bypassCSP: true });
        assert.equal(await page.locator("html").getAttribute("lang"), language);
        await looksWell(page, `${name}-${language}`);
        await page.context().close();
      }
    });
  }

  it("keyboard alone is enough", async () => {
    const page = await person(scene.application);
    await page.keyboard.press("Tab");
    await page.keyboard.type("ann@corp.example");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.ok((await arrived(page)).get("code"));
  });

  // Last, since all of this file comes from one address.
  it("too many attempts: said on the page, which stays accessible", async () => {
    const page = await person(scene.application, { javaScriptEnabled: true, bypassCSP: true });
    const form = async (name) => page.locator(`input[name=${name}]`).inputValue();
    const fields = { state: await form("state"), token: await form("token"), identifier: "ann@nobody.example" };
    const isPost = (response) => response.request().method() === "POST";
    let answer;
    for (let tries = 0; answer?.status() !== 429; ++tries) {
      assert.ok(tries < 5, "never too many"); // one is allowed again every two seconds
      const url = `${world.server.url}/u/login/identifier`;
      for (let sent = 0, status = 200; status !== 429 && sent < 40; ++sent)
        status = (await page.request.post(url, { form: fields, headers: { origin: world.server.url } })).status();
      await page.locator("#identifier").fill("ann@nobody.example");
      [answer] = await Promise.all([page.waitForResponse(isPost), page.locator("main form button").click()]);
    }
    assert.ok(Number(await answer.headerValue("retry-after")) > 0);
    await looksWell(page, "too-many");
  });
});
