/** The value of an environment variable that has no default; says which one is missing. */
export function required(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`${name} is not set: start the demo with ./run`);
  process.exit(1);
}

/** Binds to loopback only: none of this is meant for a network. */
export function listen(app, url) {
  const { port } = new URL(url);
  const server = app.listen(Number(port), "127.0.0.1", () => console.log(`listening on ${url}`));
  server.on("error", (error) => {
    console.error(error.code === "EADDRINUSE" ? `port ${port} is taken` : error.message);
    process.exit(1);
  });
}
