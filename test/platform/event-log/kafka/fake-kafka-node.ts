/** A TCP server that speaks Kafka's frames: it says which versions it knows and hands every other request to the test. */
import { createServer, type Server, type Socket } from "node:net";
import { WireFrames } from "../../../../platform/event-log/kafka/wire-frames.js";
import { API_KEYS } from "../../../../platform/event-log/kafka/wire-request.js";

export interface FakeRequest {
  readonly apiKey: number;
  readonly correlationId: number;
  /** After the header. */
  readonly body: Buffer;
  readonly socket: Socket;
  answer(body: Buffer): void;
}

export class FakeKafkaNode {
  /** Of those accepted since the start. */
  connections = 0;
  readonly sockets = new Set<Socket>();
  readonly requests: FakeRequest[] = [];
  onRequest: (request: FakeRequest) => void = () => {};
  onConnection: (socket: Socket) => void = () => {};

  private constructor(
    readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<FakeKafkaNode> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const node = new FakeKafkaNode(server, address.port);
    server.on("connection", (socket) => node.#accept(socket));
    return node;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #accept(socket: Socket): void {
    const frames = new WireFrames();
    this.connections += 1;
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) this.#received(frame, socket);
    });
    this.onConnection(socket);
  }

  #received(frame: Buffer, socket: Socket): void {
    const correlationId = frame.readInt32BE(4);
    const request = {
      apiKey: frame.readInt16BE(0),
      correlationId,
      body: frame.subarray(10 + frame.readInt16BE(8)),
      socket,
      answer: (body: Buffer) => void socket.write(frameOf(correlationId, body)),
    };
    if (request.apiKey === API_KEYS.ApiVersions) {
      request.answer(EVERY_VERSION);
      return;
    }
    this.requests.push(request);
    this.onRequest(request);
  }
}

export function frameOf(correlationId: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + body.length, 0);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, body]);
}

/** An answer to ApiVersions: versions 0 to 9 of the first forty kinds of request. */
const EVERY_VERSION = everyVersion();

function everyVersion(): Buffer {
  const answer = Buffer.alloc(6 + 40 * 6);
  answer.writeInt32BE(40, 2);
  for (let key = 0; key < 40; key += 1) {
    answer.writeInt16BE(key, 6 + key * 6);
    answer.writeInt16BE(9, 10 + key * 6);
  }
  return answer;
}
