/** API keys: shown once, kept as hashes, rotated, revoked. */

import { hash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { KEYS_MAX, Networks, PERMISSIONS_DEFAULT } from "../../services/ingest/networks.js";
import { BreakableKeyValue, StandingClock } from "./gateway-world.js";
import { SlowlyReadKeyValue } from "./slowly-read-key-value.js";

async function opened(store = new BreakableKeyValue()) {
  return { store, networks: await Networks.open(store, new StandingClock()) };
}

const admits = (networks: Networks, key: string) => "network" in networks.admit(`Bearer ${key}`);

describe("the register of networks", () => {
  test("gives a key that opens for its network and is kept only as a hash", async () => {
    const { store, networks } = await opened();
    const key = await networks.add("hangzhou");
    expect(key).toMatch(/^kdn_hangzhou_[\w-]{43}$/);
    expect(networks.admit(`Bearer ${key}`)).toMatchObject({ network: { name: "hangzhou" } });
    const kept = Buffer.from((await store.get("network/hangzhou"))!).toString("utf8");
    expect(kept).toContain(hash("sha256", key));
    expect(kept).not.toContain(key.slice("kdn_hangzhou_".length));
  });

  test("knows its networks after a restart", async () => {
    const { store, networks } = await opened();
    const key = await networks.add("hangzhou", { limit: { recordsPerSecond: 5, burst: 9 } });
    const again = await opened(store);
    expect(admits(again.networks, key)).toBe(true);
    expect(again.networks.list()).toEqual([
      {
        name: "hangzhou",
        recordsPerSecond: 5,
        burst: 9,
        permissions: PERMISSIONS_DEFAULT,
        keys: 1,
        isRevoked: false,
      },
    ]);
  });

  test("lets old and new keys in side by side until the old ones are retired", async () => {
    const { networks } = await opened();
    const old = await networks.add("hangzhou");
    const fresh = await networks.add("hangzhou");
    expect([admits(networks, old), admits(networks, fresh)]).toEqual([true, true]);
    await networks.retireOldKeys("hangzhou");
    expect([admits(networks, old), admits(networks, fresh)]).toEqual([false, true]);
  });

  test("never lets a revoked key in again, even where the network comes back", async () => {
    const { networks } = await opened();
    const old = await networks.add("hangzhou");
    await networks.revoke("hangzhou");
    expect(networks.admit(`Bearer ${old}`)).toEqual({ refused: "KEY_REVOKED" });
    const fresh = await networks.add("hangzhou");
    expect([admits(networks, old), admits(networks, fresh)]).toEqual([false, true]);
  });

  test("does not let the key of one network in as another", async () => {
    const { networks } = await opened();
    const key = await networks.add("hangzhou");
    await networks.add("ningbo");
    expect(admits(networks, key.replace("hangzhou", "ningbo"))).toBe(false);
  });

  test("reads what another process changed, and keeps what is used up of an unchanged rate", async () => {
    const { store, networks } = await opened();
    const key = await networks.add("hangzhou", { limit: { recordsPerSecond: 1, burst: 1 } });
    const other = await opened(store);
    const admitted = other.networks.admit(`Bearer ${key}`);
    if ("network" in admitted) admitted.network.bucket.take(1);
    const ningbo = await networks.add("ningbo");
    await other.networks.reload();
    expect(admits(other.networks, ningbo)).toBe(true);
    const after = other.networks.admit(`Bearer ${key}`);
    expect("network" in after && after.network.bucket.waitSeconds(0)).toBe(1);
    await store.delete("network/hangzhou");
    await other.networks.reload();
    expect(admits(other.networks, key)).toBe(false);
  });

  test("adds a key without undoing what another process revoked a moment ago", async () => {
    const { store, networks } = await opened();
    const old = await networks.add("hangzhou");
    const other = await opened(store);
    await networks.revoke("hangzhou");
    const fresh = await other.networks.add("hangzhou");
    await networks.reload();
    for (const each of [networks, other.networks])
      expect([admits(each, old), admits(each, fresh)]).toEqual([false, true]);
  });

  test("keeps the keys that another process added a moment ago", async () => {
    const { store, networks } = await opened();
    const other = await opened(store);
    const theirs = await networks.add("hangzhou");
    const ours = await other.networks.add("hangzhou");
    await networks.reload();
    expect([admits(networks, theirs), admits(networks, ours)]).toEqual([true, true]);
    await other.networks.revoke("hangzhou");
    await networks.reload();
    expect(networks.admit(`Bearer ${ours}`)).toEqual({ refused: "KEY_REVOKED" });
  });

  test("does not bring back what was revoked while the store was read", async () => {
    const store = new SlowlyReadKeyValue();
    const networks = await Networks.open(store, new StandingClock());
    const key = await networks.add("hangzhou");
    const hasRead = store.holdReading();
    const reloaded = networks.reload();
    await hasRead;
    await networks.revoke("hangzhou");
    const fresh = await networks.add("ningbo");
    store.goOn();
    await reloaded;
    expect([networks.admit(`Bearer ${key}`), admits(networks, fresh)]).toEqual([
      { refused: "KEY_REVOKED" },
      true,
    ]);
  });

  test("reads all others where an entry cannot be read, keeps that one as it was, and says so", async () => {
    const { store, networks } = await opened();
    const hangzhou = await networks.add("hangzhou");
    const ningbo = await networks.add("ningbo");
    const other = await opened(store);
    await networks.revoke("ningbo");
    await store.put("network/hangzhou", Buffer.from('{"name":"hangzhou","permissions":["fly"]}'));
    await expect(other.networks.reload()).rejects.toMatchObject({
      code: "ENTRY_INVALID",
      message: expect.stringContaining("network/hangzhou"),
    });
    expect([admits(other.networks, hangzhou), admits(other.networks, ningbo)]).toEqual([true, false]);
    await expect(other.networks.add("hangzhou")).rejects.toMatchObject({ code: "ENTRY_INVALID" });
    await expect(opened(store)).rejects.toMatchObject({ code: "ENTRY_INVALID" });
  });

  test.each([["Hangzhou"], ["hang_zhou"], [""], ["x".repeat(33)], ["杭州"]])(
    "refuses the name '%s'",
    async (name) => {
      const { networks } = await opened();
      await expect(networks.add(name)).rejects.toMatchObject({ code: "NAME_INVALID" });
    },
  );

  test("refuses rates of nothing, keys without end and networks it does not know", async () => {
    const { networks } = await opened();
    const limit = { recordsPerSecond: 0, burst: 1 };
    await expect(networks.add("a", { limit })).rejects.toMatchObject({ code: "LIMIT_INVALID" });
    for (let key = 0; key < KEYS_MAX; key++) await networks.add("a");
    await expect(networks.add("a")).rejects.toMatchObject({ code: "TOO_MANY_KEYS" });
    await expect(networks.revoke("b")).rejects.toMatchObject({ code: "UNKNOWN" });
    await expect(networks.retireOldKeys("b")).rejects.toMatchObject({ code: "UNKNOWN" });
  });

  test("does not let in a key whose entry was not stored", async () => {
    const { store, networks } = await opened();
    store.failure = new Error("disk full");
    await expect(networks.add("hangzhou")).rejects.toThrow("disk full");
    expect(networks.list()).toEqual([]);
  });
});
