/** Jest's globalSetup. It is not transformed by Jest: the loader of child processes brings the TypeScript sources. */

import "../../contract/typescript-hooks.mjs";

export default async function start() {
  const { serverMode } = await import("../../../tools/server-mode.ts");
  const { startAll } = await import("./all-servers.ts");
  const { makeClassArchive } = await import("./kafka-class-archive.ts");
  // Found once: the suites that start servers of their own take it from there.
  process.env.KADUN_TEST_SERVERS = await serverMode();
  await makeClassArchive();
  const servers = await startAll();
  Object.assign(process.env, servers.environment);
  globalThis.kadunServers = servers;
}
