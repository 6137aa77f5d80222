import net from "node:net";

/**
 * A network that delivers every request and loses answers: a TCP relay to `port` that hangs up on the caller at the first
 * byte of the next `losing` answers. The server has done its work by then.
 */
export class LossyLine {
  static async start(port) {
    const line = new LossyLine();
    line.#server = net.createServer((caller) => line.#relay(caller, port));
    await new Promise((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  losing = 0;
  lost = 0;
  #server;

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  async dispose() {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #relay(caller, port) {
    const server = net.connect(port, "127.0.0.1");
    const end = () => (caller.destroy(), server.destroy());
    for (const socket of [caller, server]) socket.on("error", end).on("close", end);
    caller.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => {
      if (this.losing === 0) return caller.write(bytes);
      --this.losing;
      ++this.lost;
      end();
    });
  }
}
