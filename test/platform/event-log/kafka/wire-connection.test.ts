import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { KafkaWireError } from "../../../../platform/event-log/kafka/kafka-errors.js";
import { WireConnection } from "../../../../platform/event-log/kafka/wire-connection.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";
import { FakeKafkaNode, frameOf } from "./fake-kafka-node.js";

const ANSWERED = 3;

function question(text: string, decode = (payload: Buffer) => payload.toString()): WireRequest<string> {
  return {
    apiKey: ANSWERED,
    apiVersion: 1,
    apiName: "Question",
    encode: () => [Buffer.from(text.slice(0, 1)), Buffer.from(text.slice(1))],
    decode,
  };
}

describe("WireConnection", () => {
  let node: FakeKafkaNode;
  let connection: WireConnection;

  beforeEach(async () => {
    node = await FakeKafkaNode.start();
    connection = await WireConnection.dial({
      address: { host: "127.0.0.1", port: node.port },
      clientId: "wire-test",
      tls: null,
      connectTimeoutMs: 10_000,
    });
  });
  afterEach(() => node.stop());

  test("answers find their questions in whatever order they come", async () => {
    node.onRequest = () => {
      if (node.requests.length < 3) return;
      for (const request of [...node.requests].reverse()) request.answer(request.body);
    };
    const answers = ["one", "two", "three"].map((text) => connection.request(question(text), 10_000));
    await expect(Promise.all(answers)).resolves.toEqual(["one", "two", "three"]);
  });

  test("a question out of time ends the connection: it as a time-out, the others as closed", async () => {
    const slow = connection.request(question("slow"), 50);
    const other = connection.request(question("other"), 5_000);
    const ended = new Promise<KafkaWireError>((resolve) => connection.onEnd(resolve));
    await expect(slow).rejects.toMatchObject({ name: "KafkaWireError", kind: "timeout", retryable: true });
    await expect(other).rejects.toMatchObject({ kind: "closed", retryable: true });
    await expect(ended).resolves.toMatchObject({ kind: "closed" });
    expect(connection.isOpen).toBe(false);
  });

  test("a question after the end is refused without being sent", async () => {
    node.onRequest = ({ socket }) => socket.destroy();
    await expect(connection.request(question("last"), 10_000)).rejects.toMatchObject({ kind: "closed" });
    await expect(connection.request(question("late"), 10_000)).rejects.toMatchObject({ kind: "unreachable" });
    expect(node.requests).toHaveLength(1);
  });

  test("a server that resets the connection rejects what waits, and nothing else hears of it", async () => {
    node.onRequest = ({ socket }) => socket.resetAndDestroy();
    const waiting = ["a", "b", "c"].map((text) => connection.request(question(text), 10_000));
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  });

  test("an answer that cannot be read fails its own question only", async () => {
    node.onRequest = (request) => request.answer(request.body);
    const broken = connection.request(
      question("broken", () => {
        throw new RangeError("too short");
      }),
      10_000,
    );
    const sound = connection.request(question("sound"), 10_000);
    await expect(broken).rejects.toMatchObject({ kind: "protocol", retryable: false });
    await expect(sound).resolves.toBe("sound");
  });

  test.each([
    ["an answer nobody asked for", frameOf(77, Buffer.from("?"))],
    ["bytes that are not Kafka's", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ])("%s ends the connection", async (_, bytes) => {
    node.onRequest = ({ socket }) => void socket.write(bytes);
    await expect(connection.request(question("any"), 10_000)).rejects.toMatchObject({ kind: "protocol" });
    expect(connection.isOpen).toBe(false);
  });

  test("a retired connection ends after its last answer", async () => {
    const first = connection.request(question("first"), 10_000);
    const ended = new Promise<KafkaWireError>((resolve) => connection.onEnd(resolve));
    connection.closeWhenIdle();
    expect(connection.isOpen).toBe(true);
    node.onRequest = (request) => request.answer(request.body);
    for (const request of node.requests) request.answer(request.body);
    await expect(first).resolves.toBe("first");
    await ended;
    expect(connection.isOpen).toBe(false);
  });

  test("a host that does not answer a connect is given up in time", async () => {
    // Of TEST-NET-1 (RFC 5737): no machine has it.
    const dialled = WireConnection.dial({
      address: { host: "192.0.2.1", port: 9092 },
      clientId: "wire-test",
      tls: null,
      connectTimeoutMs: 100,
    });
    await expect(dialled).rejects.toMatchObject({ kind: "unreachable", retryable: true });
  });
});
