/**
 * Servers and processes are killed, cut off and brought back (`npm run test:faults`): a whole Kadun in test/faults, single
 * adapters in test/outages. KADUN_FAULTS=ci: the two minutes of it that CI has.
 */
import base from "./jest.config.js";

const isShort = process.env.KADUN_FAULTS === "ci";

export default {
  ...base,
  testPathIgnorePatterns: ["/node_modules/", ...(isShort ? ["/three-brokers"] : [])],
  roots: ["<rootDir>/test/faults", ...(isShort ? [] : ["<rootDir>/test/outages"])],
  testTimeout: 600_000,
  // They wait more than they work.
  maxWorkers: 2,
};
