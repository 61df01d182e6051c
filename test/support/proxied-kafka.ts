/** One Kafka node whose clients all go through a proxy: it tells them the proxy's address as its own. */

import { freePorts } from "./servers/free-ports.js";
import { type KafkaServers, startKafka } from "./servers/kafka-server.js";
import { type ConnectionWatch, TcpProxy } from "./tcp-proxy.js";

export interface ProxiedKafka {
  /** Of the proxy. */
  readonly bootstrap: string;
  /** Past the proxy, for a first answer: the metadata names the proxy all the same. */
  readonly servers: KafkaServers;
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

export async function startProxiedKafka(options: {
  readonly seed?: number;
  readonly watch?: () => ConnectionWatch;
}): Promise<ProxiedKafka> {
  const [client, internal, controller, proxied] = await freePorts(4);
  const proxy = await TcpProxy.open({
    ...options,
    target: { host: "127.0.0.1", port: client! },
    port: proxied!,
  });
  try {
    const at = (port: number | undefined) => `127.0.0.1:${port}`;
    const servers = await startKafka({
      properties: {
        listeners: `CLIENT://${at(client)},INTERNAL://${at(internal)},CONTROLLER://${at(controller)}`,
        "advertised.listeners": `CLIENT://${at(proxied)},INTERNAL://${at(internal)}`,
        "controller.quorum.voters": `1@${at(controller)}`,
      },
    });
    const close = async () => {
      await proxy.close();
      await servers.close();
    };
    return { bootstrap: at(proxied), servers, proxy, close };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}
