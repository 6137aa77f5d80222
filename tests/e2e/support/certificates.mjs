import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate authority of one test run; `folder` holds its files. */
export class Authority {
  #folder;

  constructor(folder, name = "e2e test authority") {
    this.#folder = folder;
    this.file = join(folder, "ca.pem");
    openssl("req", "-x509", ...newKey(join(folder, "ca.key")), "-days", "2", "-subj", `/CN=${name}`, "-out", this.file,
      "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign");
    this.pem = readFileSync(this.file, "utf8");
  }

  /** Key and certificate for a server that is reached as `localhost` or by a loopback address. */
  issue(name, subjects = "DNS:localhost,IP:127.0.0.1,IP:::1") {
    const path = (end) => join(this.#folder, `${name}.${end}`);
    openssl("req", "-new", ...newKey(path("key")), "-subj", `/CN=${name}`, "-out", path("csr"));
    writeFileSync(path("ext"), `subjectAltName=${subjects}\nextendedKeyUsage=serverAuth\n`);
    openssl("x509", "-req", "-in", path("csr"), "-CA", this.file, "-CAkey", join(this.#folder, "ca.key"), "-CAcreateserial",
      "-days", "2", "-extfile", path("ext"), "-out", path("pem"));
    return { key: readFileSync(path("key"), "utf8"), cert: readFileSync(path("pem"), "utf8") };
  }
}

const newKey = (file) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file];

function openssl(...args) {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}
