import dgram from "node:dgram";

/** A DNS server for TXT records; every other name does not exist. */
export class NameServer {
  /** name → texts */
  records = new Map();
  #socket = dgram.createSocket("udp4");

  static async start() {
    const server = new NameServer();
    server.#socket.on("message", (query, from) => server.#socket.send(server.#answer(query), from.port, from.address));
    await new Promise((resolve) => server.#socket.bind(0, "127.0.0.1", resolve));
    return server;
  }

  get address() {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async dispose() {
    await new Promise((resolve) => this.#socket.close(resolve));
  }

  #answer(query) {
    const labels = [];
    let at = 12;
    for (; query[at] !== 0; at += query[at] + 1) labels.push(query.toString("ascii", at + 1, at + 1 + query[at]));
    const question = query.subarray(12, at + 5);
    const texts = this.records.get(labels.join(".").toLowerCase()) ?? [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(texts.length > 0 ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(texts.length, 6);
    return Buffer.concat([header, question, ...texts.map(textRecord)]);
  }
}

function textRecord(text) {
  const value = Buffer.from(text);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(16, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(value.length + 1, 10);
  return Buffer.concat([head, Buffer.from([value.length]), value]);
}
