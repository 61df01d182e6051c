/**
 * One server in a container of its official image. It uses the host's network, as a child process would: the same ports
 * of 127.0.0.1, the same settings, brokers that see each other. On a Mac that is a setting of Docker Desktop. The library
 * is loaded when a container is wanted: most suites get child processes.
 */

import type { GenericContainer, StartedTestContainer } from "testcontainers";
import type { Server } from "./server.js";

/** The image may have to be fetched before. */
const READY_MS = 120_000;
const STOP_MS = 30_000;

export interface ServerImage {
  /** As it stands in errors. */
  readonly name: string;
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Run by the image's entry point, or by a shell when `shell`. */
  readonly command?: readonly string[];
  readonly shell?: boolean;
  /** Files of this machine that lie at the same place in the container. */
  readonly files?: readonly string[];
  /** Shell command that succeeds in the container when the server is ready. */
  readonly readyCommand: string;
}

export class ContainerServer implements Server {
  private container: StartedTestContainer | null = null;
  private processId = 0;

  constructor(private readonly image: ServerImage) {}

  get pid(): number {
    return this.processId;
  }

  async start(): Promise<void> {
    if (this.container === null) this.container = await (await containerOf(this.image)).start();
    else await this.container.restart();
    const { State } = await (await this.engineContainer()).inspect();
    this.processId = State.Pid;
  }

  async kill(): Promise<void> {
    const container = await this.engineContainer();
    if (!(await container.inspect()).State.Running) return;
    const gone = container.wait();
    await container.kill();
    await gone;
  }

  async stop(): Promise<void> {
    await (await this.engineContainer()).stop({ t: STOP_MS / 1_000 });
  }

  async pause(): Promise<void> {
    await (await this.engineContainer()).pause();
  }

  async resume(): Promise<void> {
    await (await this.engineContainer()).unpause();
  }

  async discard(): Promise<void> {
    if (this.container === null) return;
    await (await this.engineContainer()).remove({ force: true, v: true });
    this.container = null;
  }

  private async engineContainer() {
    if (this.container === null) throw new Error(`${this.image.name} does not run: start() it first`);
    const { getContainerRuntimeClient } = await import("testcontainers");
    return (await getContainerRuntimeClient()).container.getById(this.container.getId());
  }
}

async function containerOf(plan: ServerImage): Promise<GenericContainer> {
  const { GenericContainer, Wait } = await import("testcontainers");
  const container = new GenericContainer(plan.image)
    .withNetworkMode("host")
    .withEnvironment(plan.environment ?? {})
    .withCopyFilesToContainer((plan.files ?? []).map((path) => ({ source: path, target: path })))
    .withWaitStrategy(Wait.forSuccessfulCommand(plan.readyCommand))
    .withStartupTimeout(READY_MS);
  // Its settings lie where only root may write.
  if (plan.shell === true) container.withUser("root").withEntrypoint(["/bin/sh", "-c"]);
  return plan.command === undefined ? container : container.withCommand([...plan.command]);
}
