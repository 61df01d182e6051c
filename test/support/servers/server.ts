/** One server program that can be killed, paused and started again: a child process, or a container. */
export interface Server {
  /** Of the last start. */
  readonly pid: number;
  /** Resolves when it is ready; on the same port, with the same data. */
  start(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Orderly. */
  stop(): Promise<void>;
  /** SIGSTOP: its connections stay open and nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** kill -9 for good. */
  discard(): Promise<void>;
}
