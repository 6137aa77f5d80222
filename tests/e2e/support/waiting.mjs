/** Asks `probe` until it gives something that counts as true; says what was waited for when time is up. */
export async function until(what, probe, { timeout = 10_000, every = 20 } = {}) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
