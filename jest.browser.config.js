/** The cardholder's pages in a Chromium (`npm run test:browser`): one browser for all of it. */
import base from "./jest.config.js";

export default {
  ...base,
  testPathIgnorePatterns: ["/node_modules/"],
  roots: ["<rootDir>/test/browser"],
  // They wait for pages now and then; the story is a Kadun and a browser.
  maxWorkers: 3,
  // A page is looked at with axe for seconds, ten of them in one test.
  testTimeout: 180_000,
};
