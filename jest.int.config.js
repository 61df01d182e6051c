/** Suites against real servers (`npm run test:int`): one Kafka, Redis and PostgreSQL for all of them. */
import base from "./jest.config.js";

export default {
  ...base,
  testPathIgnorePatterns: ["/node_modules/"],
  roots: ["<rootDir>/test/int"],
  globalSetup: "<rootDir>/test/support/servers/start-all.mjs",
  globalTeardown: "<rootDir>/test/support/servers/stop-all.mjs",
  testTimeout: 60_000,
  // They wait more than they work.
  maxWorkers: 3,
};
