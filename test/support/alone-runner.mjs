/**
 * Jest's runner with several workers, but for suites that compare times or look at what else runs on this machine: those
 * come after all others, one at a time. With one worker it makes no difference.
 */

import TestRunner from "jest-runner";

const ALONE = [
  "test/cli/bench.test",
  "test/e2e/office-away.test",
  "test/platform/lifecycle/",
  "test/int/bench-recover.test",
  "test/int/kafka-event-log.test",
  "test/int/kafka-group.test",
  "test/int/kafka-topics.test",
  "test/int/redis-state-store.test",
  "test/int/redis-state-store-measured.test",
  "test/int/role-lifecycle.test",
  "test/faults/takeover.test",
  "test/outages/kafka-group-faults.test",
];

export default class AloneRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    if (options.serial || this._globalConfig.maxWorkers === 1) return super.runTests(tests, watcher, options);
    const alone = tests.filter(runsAlone);
    await super.runTests(
      tests.filter((test) => !alone.includes(test)),
      watcher,
      options,
    );
    const several = this._globalConfig;
    this._globalConfig = { ...several, maxWorkers: 1 };
    try {
      await super.runTests(alone, watcher, options);
    } finally {
      this._globalConfig = several;
    }
  }
}

function runsAlone({ path, context }) {
  const inTree = path.slice(context.config.rootDir.length + 1);
  return ALONE.some((start) => inTree.startsWith(start));
}
