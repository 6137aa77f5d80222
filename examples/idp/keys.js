import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** The provider's signing and cookie keys, made once and kept in `file`, so that a restart does not sign everybody out. */
export function loadKeys(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signing = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomBytes(8).toString("hex") };
  const keys = { jwks: { keys: [signing] }, cookies: [randomBytes(32).toString("base64url")] };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
