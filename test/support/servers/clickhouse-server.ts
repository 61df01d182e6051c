/** ClickHouse in a container: no Debian package brings a server that is new enough. */

import { images } from "./images.js";

const HTTP_PORT = 8_123;
const USER = "kadun";
const PASSWORD = "kadun";
const READY_MS = 120_000;

export interface ClickhouseServer {
  /** http://user:password@host:port */
  readonly url: string;
  close(): Promise<void>;
}

export async function startClickhouse(): Promise<ClickhouseServer> {
  const { GenericContainer, Wait } = await import("testcontainers");
  const container = await new GenericContainer(images.clickhouse)
    .withExposedPorts(HTTP_PORT)
    .withEnvironment({
      CLICKHOUSE_USER: USER,
      CLICKHOUSE_PASSWORD: PASSWORD,
      CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: "1",
    })
    .withWaitStrategy(Wait.forHttp("/ping", HTTP_PORT))
    .withStartupTimeout(READY_MS)
    .start();
  return {
    url: `http://${USER}:${PASSWORD}@${container.getHost()}:${container.getMappedPort(HTTP_PORT)}`,
    close: async () => {
      await container.stop();
    },
  };
}
