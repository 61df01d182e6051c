/**
 * A partition's table of persons is 16 MB of zeros. The C library takes such a block from the system, which gives pages of
 * zeros as they are touched, until one has been freed: from then on it keeps them and clears all 16 MB of each by hand.
 * Tests make thousands of tables with a handful of persons each, which a limit that stays makes cheaper: seconds of processor
 * for the rule cases alone 5.2 without and 2.4 with it, 30 seeds of the simulation 8.9 and 7.1. Workers and what they start
 * inherit it.
 */
process.env.MALLOC_MMAP_THRESHOLD_ ??= String(1 << 20);

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
  // Seconds at most where nothing else runs; what waits for ever is found all the same.
  testTimeout: 90_000,
  runner: "<rootDir>/test/support/alone-runner.mjs",
  // A worker keeps some 12 MB of every file that it has run, and the collector walks all of it again and again: after
  // 130 files a suite takes three times as long. Another worker starts in 0.2 s.
  workerIdleMemoryLimit: "200MB",
};
