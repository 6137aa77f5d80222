import { CookieJar } from "./cookies.mjs";
import { selfSubmittingForm } from "./html.mjs";
import { send } from "./http.mjs";

const MAX_STEPS = 25;

/** Where a browser ended: on a page (`page`), or at an application (`landing`) that is not really fetched. */
export class Arrival {
  constructor({ page, landing }) {
    this.page = page;
    this.landing = landing;
  }

  /** Parameters of the authorization response. */
  get params() {
    if (this.landing) return this.landing.params;
    throw new Error(`expected to arrive at the application, but ${this.page.method} ${this.page.url} showed ${this.page.status}: ${this.page.text.slice(0, 800)}`);
  }
}

/**
 * A browser without JavaScript: follows redirects, presses the button of self-submitting forms, keeps cookies by the
 * rules of SameSite. It stops in front of every URL under one of `applications`. `locally`: see http.mjs.
 */
export class Browser {
  /** Every answer seen, oldest first. */
  history = [];

  constructor({ applications = ["https://app.example/"], ca, locally, cookies = new CookieJar() } = {}) {
    this.applications = applications;
    this.ca = ca;
    this.locally = locally;
    this.cookies = cookies;
  }

  /** Types the address. */
  async open(url, { headers } = {}) {
    return this.#go({ method: "GET", url, initiator: undefined, headers });
  }

  /** Sends a form that stands on a page of `initiator`. */
  async submit(url, fields, { initiator = url, headers } = {}) {
    return this.#go({ method: "POST", url, body: new URLSearchParams(fields).toString(), initiator, headers });
  }

  /** One request with this browser's cookies; nothing is followed. */
  async request({ method = "GET", url, body, initiator, headers = {} }) {
    const cookie = this.cookies.header(url, { initiator, method });
    const answer = await send(url, {
      method,
      body,
      ca: this.ca,
      locally: this.locally,
      headers: {
        accept: "text/html,application/xhtml+xml",
        "user-agent": "e2e-browser/1",
        ...(cookie && { cookie }),
        ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
        ...headers,
      },
    });
    this.cookies.store(url, answer.setCookies);
    this.history.push(answer);
    return answer;
  }

  async #go(step) {
    for (let steps = 0; steps < MAX_STEPS; ++steps) {
      if (this.#isApplication(step.url)) return new Arrival({ landing: landing(step) });
      const answer = await this.request(step);
      const next = follow(step, answer);
      if (!next) return new Arrival({ page: answer });
      step = next;
    }
    throw new Error(`the browser was sent on ${MAX_STEPS} times: ${this.history.slice(-4).map(({ url }) => url).join(" → ")}`);
  }

  #isApplication(url) {
    return this.applications.some((application) => url.startsWith(application));
  }
}

function follow(step, answer) {
  const { location } = answer.headers;
  if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
    const url = new URL(location, step.url).href;
    const keepsMethod = answer.status === 307 || answer.status === 308;
    return keepsMethod ? { ...step, url } : { method: "GET", url, initiator: step.initiator };
  }
  if (answer.status !== 200 || !/html/.test(answer.headers["content-type"] ?? "")) return undefined;
  const form = selfSubmittingForm(answer.text, step.url);
  return form && { method: "POST", url: form.action, body: new URLSearchParams(form.fields).toString(), initiator: step.url };
}

function landing({ method, url, body }) {
  const { hash, searchParams } = new URL(url);
  if (method === "POST") return { url, mode: "form_post", params: new URLSearchParams(body) };
  if (hash.length > 1) return { url, mode: "fragment", params: new URLSearchParams(hash.slice(1)) };
  return { url, mode: "query", params: searchParams };
}
