// Signatures of every kind, right and wrong: nothing here refuses a combination that a good library would refuse.
import { constants, createHmac, createSign, generateKeyPairSync, sign, verify } from "node:crypto";

export const encode = (value) =>
  Buffer.from(typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString("base64url");

export const decode = (part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));

/** Header and claims of a compact token, unverified. */
export function read(token) {
  const [header, claims] = token.split(".");
  return { header: decode(header), claims: decode(claims) };
}

/** Raw signature over `input` as `alg` says; `key` is a KeyObject, or bytes for HS*. */
export function signature(alg, key, input) {
  const hash = `sha${alg.slice(2)}`;
  const data = Buffer.from(input);
  switch (alg.slice(0, 2)) {
    case "RS":
      return sign(hash, data, { key, padding: constants.RSA_PKCS1_PADDING });
    case "PS":
      return sign(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
    case "ES":
      return createSign(hash).update(data).sign({ key, dsaEncoding: "ieee-p1363" });
    case "HS":
      return createHmac(hash, key).update(data).digest();
    case "Ed":
      return sign(null, data, key);
    default:
      return Buffer.alloc(0);
  }
}

/** Whether a compact token was signed RS256 or ES256 by the holder of `publicKey`. */
export function verifies(token, publicKey) {
  const [header, claims, mark] = token.split(".");
  const key = decode(header).alg === "ES256" ? { key: publicKey, dsaEncoding: "ieee-p1363" } : publicKey;
  return verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(mark, "base64url"));
}

/** A compact token. `headerText` and `claimsText` replace the JSON of a part, for JSON that no serializer writes. */
export function compact({ header, claims, key, headerText, claimsText }) {
  const input = `${encode(headerText ?? header)}.${encode(claimsText ?? claims)}`;
  return `${input}.${signature(String(header.alg), key, input).toString("base64url")}`;
}

const kinds = {
  RS256: ["rsa", { modulusLength: 2048 }],
  weak: ["rsa", { modulusLength: 1024 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  ES384: ["ec", { namedCurve: "P-384" }],
  EdDSA: ["ed25519", {}],
};

let made = 0;

/** A signing key; `kind` is RS256 (also for RS384…PS512), ES256, ES384, EdDSA, or weak (RSA of 1024 bits). */
export function newKey(kind = "RS256", { kid = `key-${++made}`, alg = kind === "weak" ? "RS256" : kind } = {}) {
  const [type, options] = kinds[kind];
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  return { kid, alg, privateKey, publicKey, publicJwk: { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" } };
}
