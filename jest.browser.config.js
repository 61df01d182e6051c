/** The cardholder's pages in a Chromium (`npm run test:browser`): one browser for all of it. */
import base from "./jest.config.js";

export default {
  ...base,
  testPathIgnorePatterns: ["/node_modules/"],
  roots: ["<rootDir>/test/browser"],
  maxWorkers: 1,
};
