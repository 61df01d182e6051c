/** How the servers are run in containers, as far as that can be told without an engine. */

import { describe, expect, test } from "@jest/globals";
import { kafkaImage, postgresImage, redisImage } from "../support/servers/images.js";

describe("a container of a server", () => {
  test("of Kafka formats its storage once, with the users, and starts with the settings of the starter", () => {
    const image = kafkaImage({
      id: 2,
      settingsFile: "/tmp/k/kafka-2/server.properties",
      keystoreFiles: ["/tmp/k/kafka.p12"],
      formatArguments: ["--cluster-id", "abc", "--add-scram", "SCRAM-SHA-256=[name=a,password=it's]"],
      heapMb: 256,
      internalPort: 20_001,
    });
    expect(image.command).toEqual([
      "/opt/kafka/bin/kafka-storage.sh format --ignore-formatted -c /tmp/k/kafka-2/server.properties " +
        "--cluster-id abc --add-scram 'SCRAM-SHA-256=[name=a,password=it'\\''s]' && " +
        "exec /opt/kafka/bin/kafka-server-start.sh /tmp/k/kafka-2/server.properties",
    ]);
    expect(image.files).toEqual(["/tmp/k/kafka-2/server.properties", "/tmp/k/kafka.p12"]);
    expect(image.readyCommand).toBe("nc -z 127.0.0.1 20001");
  });

  test("of Redis is ready when it answers its user, a replica when it has its master's data", () => {
    const master = redisImage({ port: 20_002, password: "open sesame", arguments: ["--port", "20002"] });
    expect(master.command).toEqual(["redis-server", "--port", "20002"]);
    expect(master.readyCommand).toBe(
      "redis-cli -p 20002 --no-auth-warning -a 'open sesame' ping | grep -q PONG",
    );
    const replica = redisImage({
      port: 20_003,
      password: null,
      arguments: ["--replicaof", "127.0.0.1", "20002"],
    });
    expect(replica.readyCommand).toBe("redis-cli -p 20003 info replication | grep -q master_link_status:up");
  });

  test("of PostgreSQL has the user and the settings of the starter", () => {
    const image = postgresImage({
      port: 20_004,
      user: "kadun",
      password: "x",
      settings: ["-c", "port=20004"],
    });
    expect(image.command).toEqual(["postgres", "-c", "port=20004"]);
    expect(image.environment).toMatchObject({ POSTGRES_USER: "kadun", POSTGRES_PASSWORD: "x" });
  });
});
