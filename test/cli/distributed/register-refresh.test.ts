import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { RegisterRefresh } from "../../../cli/distributed/register-refresh.js";
import { MemoryKeyValue } from "../../../platform/key-value/memory/memory-key-value.js";
import type { LogFields } from "../../../platform/logger/logger.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { noMetrics } from "../../../platform/metrics/metrics.js";
import type { Institution } from "../../../schemas/institution.js";
import { InstitutionRegister } from "../../../services/ingest/institution-register.js";
import { Networks } from "../../../services/ingest/networks.js";
import { SteppedClock } from "./stepped-clock.js";

const PHARMACY: Institution = { institutionId: "P1", name: "Pharmacy", kind: "pharmacy", chainId: "C1" };

/** Two gateways over one database: what one changes the other learns. */
class Gateways {
  readonly clock = new SteppedClock();
  readonly networkStore = new MemoryKeyValue();
  readonly institutionStore = new MemoryKeyValue();
  readonly warnings: [string, LogFields | undefined][] = [];

  async open() {
    const { clock, networkStore, institutionStore } = this;
    const networks = await Networks.open(networkStore, clock);
    const institutions = await InstitutionRegister.open(institutionStore, {
      logger: silentLogger,
      metrics: noMetrics,
    });
    return { networks, institutions };
  }

  refresh({ networks, institutions }: Awaited<ReturnType<Gateways["open"]>>): RegisterRefresh {
    const { clock } = this;
    const warn = (event: string, fields?: LogFields) => void this.warnings.push([event, fields]);
    const logger = { ...silentLogger, warn };
    const still = { reload: async () => {} };
    return new RegisterRefresh({ networks, institutions, moved: still, inForce: still, clock, logger });
  }
}

let gateways: Gateways;
let here: Awaited<ReturnType<Gateways["open"]>>;
let there: Awaited<ReturnType<Gateways["open"]>>;
let refresh: RegisterRefresh;
beforeEach(async () => {
  gateways = new Gateways();
  [here, there] = [await gateways.open(), await gateways.open()];
  refresh = gateways.refresh(here);
});
afterEach(() => refresh.close());

test("a key that another process made is let in, and refused once it was revoked there, each after one look", async () => {
  const key = `Bearer ${await there.networks.add("clinic")}`;
  expect(here.networks.admit(key)).toEqual({ refused: "KEY_INVALID" });
  await gateways.clock.rounds();
  expect(here.networks.admit(key)).toHaveProperty("network");
  await there.networks.revoke("clinic");
  await gateways.clock.rounds();
  expect(here.networks.admit(key)).toEqual({ refused: "KEY_REVOKED" });
});

test("looks are less than five seconds apart: that is what a revoked key may live", async () => {
  const before = gateways.clock.now();
  await gateways.clock.rounds();
  expect(gateways.clock.now() - before).toBeLessThanOrEqual(5_000);
});

test("an institution that another process added is known after one look", async () => {
  await there.institutions.put(PHARMACY);
  expect(here.institutions.find("P1")).toBeUndefined();
  await gateways.clock.rounds();
  expect(here.institutions.find("P1")).toEqual(PHARMACY);
});

test("a register that cannot be read is warned of, holds up no other, and is read again later", async () => {
  const { networkStore } = gateways;
  await networkStore.put("network/broken", Buffer.from("{"));
  await there.institutions.put(PHARMACY);
  await gateways.clock.rounds();
  expect(gateways.warnings).toEqual([
    ["ingest.register-not-refreshed", { service: "networks", error: expect.any(Error) }],
  ]);
  expect(here.institutions.find("P1")).toEqual(PHARMACY);
  await networkStore.delete("network/broken");
  const key = `Bearer ${await there.networks.add("clinic")}`;
  await gateways.clock.rounds();
  expect(here.networks.admit(key)).toHaveProperty("network");
  expect(gateways.warnings).toHaveLength(1);
});

test("closed while it sleeps, it looks no more", async () => {
  await gateways.clock.sleeping();
  await refresh.close();
  await gateways.networkStore.close();
  expect(gateways.warnings).toEqual([]);
});
