/** The processes of the conformance suites that write, as children of the test. */

import { type ChildProgram, TestProcess } from "./child-process.js";
import type { Refused, StateNews, StateWritingProcess } from "./state-writing.js";
import type { WritingNews, WritingProcess } from "./writing-process.js";

export class ChildWriter implements WritingProcess {
  acknowledged = 0;
  readonly refusals: { code: string; retryable: boolean; message: string }[] = [];
  readonly process: TestProcess;

  constructor(program: ChildProgram) {
    this.process = TestProcess.start(program, (news: WritingNews) => this.hear(news));
  }

  until(isTrue: (writing: WritingProcess) => boolean): Promise<void> {
    return this.process.until(() => isTrue(this));
  }

  finished(): Promise<void> {
    return this.process.finished();
  }

  kill(): Promise<void> {
    return this.process.kill();
  }

  private hear(news: WritingNews): void {
    if (news.type === "acknowledged") this.acknowledged = news.end;
    if (news.type === "refused") this.refusals.push(news);
  }
}

export class ChildStateWriter implements StateWritingProcess {
  checkpoints = 0;
  readonly refusals: Refused[] = [];
  readonly process: TestProcess;

  constructor(program: ChildProgram) {
    this.process = TestProcess.start(program, (news: StateNews) => this.hear(news));
  }

  until(isTrue: (writing: StateWritingProcess) => boolean): Promise<void> {
    return this.process.until(() => isTrue(this));
  }

  finished(): Promise<void> {
    return this.process.finished();
  }

  kill(): Promise<void> {
    return this.process.kill();
  }

  private hear(news: StateNews): void {
    if (news.type === "checkpoint") this.checkpoints = news.number;
    if (news.type === "refused") this.refusals.push(news);
  }
}
