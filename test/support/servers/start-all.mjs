/** Jest's globalSetup. It is not transformed by Jest: the loader of child processes brings the TypeScript sources. */

import "../../contract/typescript-hooks.mjs";

export default async function start() {
  const { startAll } = await import("./all-servers.ts");
  const servers = await startAll();
  Object.assign(process.env, servers.environment);
  globalThis.kadunServers = servers;
}
