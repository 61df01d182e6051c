/**
 * Servers and processes are killed, cut off and brought back (`npm run test:faults`): a whole Kadun in test/faults, single
 * adapters in test/outages.
 */
import base from "./jest.config.js";

export default {
  ...base,
  testPathIgnorePatterns: ["/node_modules/"],
  roots: ["<rootDir>/test/faults", "<rootDir>/test/outages"],
  testTimeout: 600_000,
};
