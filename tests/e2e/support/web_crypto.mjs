// Node 18 has Web Crypto but does not put it where libraries written for browsers look.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;
