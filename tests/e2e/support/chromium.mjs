import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** Debian's Chromium, or the one that CHROMIUM_BIN names. */
export function launchChromium() {
  const executablePath = [process.env.CHROMIUM_BIN, "/usr/bin/chromium"].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium: install the package chromium, or set CHROMIUM_BIN");
  // The sandbox needs privileges that containers and root do not have; only pages of this machine are opened.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
