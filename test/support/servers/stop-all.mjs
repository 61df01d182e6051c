/** Jest's globalTeardown: ends what `start-all.mjs` has started. */

export default async function stop() {
  await globalThis.kadunServers?.close();
}
