/** The fault suite (`npm run test:faults`): servers and processes are killed, cut off and brought back. */
import base from "./jest.config.js";

export default {
  ...base,
  testPathIgnorePatterns: ["/node_modules/"],
  roots: ["<rootDir>/test/faults"],
  testTimeout: 600_000,
};
