/** A configuration file: plain values and lists of them, whose JSON form is TOML too. */
export const toToml = (settings) =>
  Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
    .join("");
