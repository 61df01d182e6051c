export default {
  roots: ["<rootDir>/test"],
  // Those need servers or a browser: jest.int.config.js, jest.faults.config.js, jest.browser.config.js.
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/test/int/",
    "<rootDir>/test/faults/",
    "<rootDir>/test/outages/",
    "<rootDir>/test/browser/",
  ],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "es6" } },
    ],
  },
  testTimeout: 30_000,
  runner: "<rootDir>/test/support/alone-runner.mjs",
  // A worker keeps some 12 MB of every file that it has run, and the collector walks all of it again and again: after
  // 130 files a suite takes three times as long. Another worker starts in 0.2 s.
  workerIdleMemoryLimit: "200MB",
};
