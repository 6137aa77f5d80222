// A cookie jar that follows RFC 6265bis where a login depends on it: host, path, Secure, prefixes, SameSite, expiry.

export class CookieJar {
  #cookies = new Map();

  /** Takes the Set-Cookie lines of an answer from `url`; what a browser would refuse is refused here. */
  store(url, lines, now = Date.now()) {
    const { hostname, protocol } = new URL(url);
    for (const line of lines) {
      const cookie = parse(line, hostname, now);
      if (!isAcceptable(cookie, protocol === "https:")) continue;
      const key = `${cookie.host};${cookie.path};${cookie.name}`;
      if (cookie.expires <= now) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  /** Cookies of a top-level navigation to `url` that a page of `initiator` (a URL, or nothing: typed) began. */
  matching(url, { initiator, method = "GET" } = {}, now = Date.now()) {
    const target = new URL(url);
    const sameSite = !initiator || site(initiator) === site(url);
    return [...this.#cookies.values()].filter(
      (cookie) =>
        cookie.host === target.hostname &&
        cookie.expires > now &&
        pathMatches(target.pathname, cookie.path) &&
        (!cookie.secure || target.protocol === "https:") &&
        (sameSite || cookie.sameSite === "none" || (cookie.sameSite === "lax" && method === "GET")),
    );
  }

  header(url, context) {
    return this.matching(url, context).map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  all() {
    return [...this.#cookies.values()];
  }

  find(predicate) {
    return this.all().find(predicate);
  }

  set(cookie) {
    const whole = { path: "/", secure: false, sameSite: "lax", expires: Infinity, httpOnly: true, ...cookie };
    this.#cookies.set(`${whole.host};${whole.path};${whole.name}`, whole);
  }

  delete(cookie) {
    this.#cookies.delete(`${cookie.host};${cookie.path};${cookie.name}`);
  }

  copy() {
    const copy = new CookieJar();
    for (const cookie of this.all()) copy.set({ ...cookie });
    return copy;
  }
}

/** Scheme and registrable domain, near enough for tests: addresses and one-label names stand for themselves. */
export function site(url) {
  const { protocol, hostname } = new URL(url);
  const isName = !/^[\d.]+$|^\[/.test(hostname);
  return `${protocol}//${isName ? hostname.split(".").slice(-2).join(".") : hostname}`;
}

function parse(line, host, now) {
  const [pair, ...attributes] = line.split(";").map((part) => part.trim());
  const at = pair.indexOf("=");
  const cookie = {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    host,
    path: "/",
    secure: false,
    httpOnly: false,
    sameSite: "lax",
    expires: Infinity,
    hasDomain: false,
    line,
  };
  for (const attribute of attributes) {
    const [name, value = ""] = attribute.split("=");
    switch (name.toLowerCase()) {
      case "path":
        cookie.path = value || "/";
        break;
      case "secure":
        cookie.secure = true;
        break;
      case "httponly":
        cookie.httpOnly = true;
        break;
      case "samesite":
        cookie.sameSite = value.toLowerCase();
        break;
      case "domain":
        cookie.hasDomain = true;
        break;
      case "max-age":
        cookie.expires = now + Number(value) * 1000;
        break;
      case "expires":
        if (cookie.expires === Infinity) cookie.expires = Date.parse(value);
        break;
    }
  }
  return cookie;
}

function isAcceptable(cookie, overTls) {
  if (cookie.secure && !overTls) return false;
  if (cookie.sameSite === "none" && !cookie.secure) return false;
  if (cookie.name.startsWith("__Host-") && (!cookie.secure || cookie.path !== "/" || cookie.hasDomain)) return false;
  if (cookie.name.startsWith("__Secure-") && !cookie.secure) return false;
  return cookie.name !== "" && Buffer.byteLength(cookie.name + cookie.value) <= 4096;
}

const pathMatches = (path, prefix) =>
  path === prefix || (path.startsWith(prefix) && (prefix.endsWith("/") || path[prefix.length] === "/"));
