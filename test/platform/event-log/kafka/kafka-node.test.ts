import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { KafkaNode } from "../../../../platform/event-log/kafka/kafka-node.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";
import { FakeKafkaNode } from "./fake-kafka-node.js";

function question(text: string, more: Partial<WireRequest<string>> = {}): WireRequest<string> {
  return {
    apiKey: 3,
    apiVersion: 1,
    apiName: "Question",
    encode: () => Buffer.from(text),
    decode: (payload) => payload.toString(),
    ...more,
  };
}

describe("KafkaNode", () => {
  let fake: FakeKafkaNode;
  let node: KafkaNode;

  beforeEach(async () => {
    fake = await FakeKafkaNode.start();
    fake.onRequest = (request) => request.answer(request.body);
    node = nodeAt(fake.port);
  });
  afterEach(async () => {
    node.close("the test ends");
    await fake.stop();
  });

  function nodeAt(port: number): KafkaNode {
    const security = { clientId: "node-test", tls: null, sasl: null };
    return new KafkaNode(
      { host: "127.0.0.1", port },
      { ...security, connectTimeoutMs: 10_000, requestTimeoutMs: 10_000 },
    );
  }

  test("many questions at once open one connection and keep their order", async () => {
    const texts = Array.from({ length: 50 }, (_, i) => String(i));
    await expect(Promise.all(texts.map((text) => node.send(question(text))))).resolves.toEqual(texts);
    expect(fake.connections).toBe(1);
    expect(fake.requests.map(({ body }) => body.toString())).toEqual(texts);
  });

  test("lanes have connections of their own, so that one that waits holds up no other", async () => {
    fake.onRequest = (request) => {
      if (request.body.toString() !== "waits") request.answer(request.body);
    };
    const waits = node.send(question("waits", { lane: "fetch" }));
    await expect(node.send(question("quick"))).resolves.toBe("quick");
    expect(fake.connections).toBe(2);
    for (const request of fake.requests) request.answer(request.body);
    await expect(waits).resolves.toBe("waits");
  });

  test("after a connection ended the next question opens another", async () => {
    await node.send(question("before"));
    for (const socket of fake.sockets) socket.destroy();
    const tries = await Promise.allSettled([node.send(question("meanwhile"))]);
    expect(tries[0]?.status).toBe("rejected");
    await expect(node.send(question("after"))).resolves.toBe("after");
    expect(fake.connections).toBe(2);
  });

  test("however many ask a node that is down, connects stay a tenth of a second apart", async () => {
    await fake.stop();
    let failures = 0;
    const until = performance.now() + 350;
    while (performance.now() < until) {
      await Promise.allSettled(Array.from({ length: 20 }, () => node.send(question("?"))));
      failures += 1;
    }
    expect(failures).toBeLessThanOrEqual(5);
  });

  test("a version the server does not speak is refused without being sent", async () => {
    const asked = node.send(question("new", { apiVersion: 12 }));
    await expect(asked).rejects.toMatchObject({ kind: "protocol", retryable: false });
    expect(fake.requests).toHaveLength(0);
  });

  test("closing rejects what waits and what comes later", async () => {
    fake.onRequest = () => node.close("closed by the test");
    await expect(node.send(question("waiting"))).rejects.toMatchObject({ kind: "closed" });
    await expect(node.send(question("later"))).rejects.toMatchObject({ kind: "closed" });
  });

  test("a server that closes at the first question may speak TLS, says the error", async () => {
    fake.onConnection = (socket) => socket.destroy();
    const asked = node.send(question("?"));
    await expect(asked).rejects.toMatchObject({ kind: "unreachable", retryable: true });
    await expect(asked).rejects.toThrow("turn TLS on");
  });
});
