/**
 * One connection to one node: requests out, answers in, in the same order.
 *
 * Owns: the socket, the requests that wait for answers, their deadlines.
 * Does not own: authentication (open-connection.ts), connecting again (kafka-node.ts), what answers mean.
 *
 * Invariants
 * 1. Every request settles: answered, out of time, or the connection ended. Nothing else settles it.
 * 2. A request out of time ends the connection: its answer may yet come and nobody could tell whose it is, and a
 *    socket that swallowed one request would swallow the next.
 * 3. After the end nothing is written; the end is told once, at once, to those who asked for it (`onEnd`).
 * 4. Whatever the socket does ends here: no event of it reaches the process as an uncaught error.
 */
import type { Socket } from "node:net";
import { clientCertificateRefused, codeOf, isClientCertificateRefused, textOf } from "./connect-failure.js";
import { type DialOptions, dialSocket } from "./dial-socket.js";
import { KafkaWireError } from "./kafka-errors.js";
import { type BrokerAddress, formatBrokerAddress } from "./kafka-options.js";
import { WireFrames } from "./wire-frames.js";
import type { WireRequest } from "./wire-request.js";

const CORRELATION_MAX = 0x7fff_ffff;
/** Length, API key, version, correlation id, length of the client's id. */
const HEADER_FIXED_BYTES = 14;
/** To copy a few pieces costs less than to hand them to the socket one by one. */
const COPIED_BYTES_MAX = 16 << 10;

interface Waiting {
  readonly id: number;
  readonly apiName: string;
  readonly timer: NodeJS.Timeout;
  resolve(payload: Buffer): void;
  reject(error: KafkaWireError): void;
}

export class WireConnection {
  readonly #frames = new WireFrames();
  /** A few at most. */
  readonly #waiting: Waiting[] = [];
  readonly #socket: Socket;
  readonly #clientId: Buffer;
  readonly #at: string;
  #correlationId = 0;
  #ended: KafkaWireError | null = null;
  #closeWhenIdle = false;
  readonly #endListeners: ((error: KafkaWireError) => void)[] = [];

  private constructor(
    readonly address: BrokerAddress,
    clientId: string,
    socket: Socket,
  ) {
    this.#socket = socket;
    this.#clientId = Buffer.from(clientId);
    this.#at = formatBrokerAddress(address);
    this.#socket.on("end", () => this.#end(this.#closedBy("the server closed the connection")));
    this.#socket.on("close", () => this.#end(this.#closedBy("the connection was closed")));
    this.#socket.on("error", (error) => this.#end(this.#broken(error)));
  }

  /** @throws KafkaWireError unreachable or denied. */
  static async dial(options: Omit<DialOptions, "onBytes">): Promise<WireConnection> {
    let connection: WireConnection | null = null;
    // A node says nothing before it was asked, and nobody asks before there is a connection.
    const onBytes = (bytes: Uint8Array): void => {
      if (connection !== null) connection.#received(bytes);
    };
    const socket = await dialSocket({ ...options, onBytes });
    connection = new WireConnection(options.address, options.clientId, socket);
    return connection;
  }

  get isOpen(): boolean {
    return this.#ended === null;
  }

  onEnd(listener: (error: KafkaWireError) => void): void {
    if (this.#ended !== null) listener(this.#ended);
    else this.#endListeners.push(listener);
  }

  /** @throws KafkaWireError */
  async request<Answer>(request: WireRequest<Answer>, timeoutMs: number): Promise<Answer> {
    const payload = await this.#exchange(request, timeoutMs);
    try {
      return await request.decode(payload);
    } catch (error) {
      const where = `${this.#at}: the answer to ${request.apiName} ${request.apiVersion} cannot be read`;
      throw new KafkaWireError("protocol", `${where} (${textOf(error)})`, { cause: error });
    }
  }

  /** Ends the connection at once; what waits is rejected with the error. */
  destroy(error: KafkaWireError): void {
    this.#end(error);
  }

  /** Ends the connection when nothing waits any more. */
  closeWhenIdle(): void {
    this.#closeWhenIdle = true;
    this.#endIfIdle();
  }

  #exchange<Answer>(request: WireRequest<Answer>, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(new KafkaWireError("unreachable", this.#ended.message, { cause: this.#ended }));
        return;
      }
      const id = this.#correlationId;
      const body = request.encode();
      const timer = setTimeout(() => this.#outOfTime(id, timeoutMs), timeoutMs);
      this.#waiting.push({ id, apiName: request.apiName, timer, resolve, reject });
      this.#correlationId = id === CORRELATION_MAX ? 0 : id + 1;
      this.#write(request, id, Buffer.isBuffer(body) ? [body] : body);
    });
  }

  #write(request: WireRequest<unknown>, correlationId: number, body: readonly Buffer[]): void {
    const bodyBytes = body.reduce((sum, part) => sum + part.length, 0);
    const header = this.#header(request, correlationId, bodyBytes);
    if (bodyBytes <= COPIED_BYTES_MAX) {
      this.#socket.write(Buffer.concat([header, ...body], header.length + bodyBytes));
      return;
    }
    this.#socket.cork();
    this.#socket.write(header);
    for (const part of body) this.#socket.write(part);
    this.#socket.uncork();
  }

  #header(request: WireRequest<unknown>, correlationId: number, bodyBytes: number): Buffer {
    const header = Buffer.allocUnsafe(HEADER_FIXED_BYTES + this.#clientId.length);
    header.writeInt32BE(header.length - 4 + bodyBytes, 0);
    header.writeInt16BE(request.apiKey, 4);
    header.writeInt16BE(request.apiVersion, 6);
    header.writeInt32BE(correlationId, 8);
    header.writeInt16BE(this.#clientId.length, 12);
    this.#clientId.copy(header, HEADER_FIXED_BYTES);
    return header;
  }

  #received(chunk: Uint8Array): void {
    if (this.#ended !== null) return;
    try {
      for (const frame of this.#frames.push(chunk)) this.#answered(frame);
    } catch (error) {
      this.#end(new KafkaWireError("protocol", `${this.#at}: ${textOf(error)}`, { cause: error }));
    }
  }

  #answered(frame: Buffer): void {
    const id = frame.readInt32BE(0);
    const waiting = this.#take(id);
    if (waiting === undefined) throw new RangeError(`an answer to a request that was not made (${id})`);
    clearTimeout(waiting.timer);
    waiting.resolve(frame.subarray(4));
    this.#endIfIdle();
  }

  #take(id: number): Waiting | undefined {
    const at = this.#waiting.findIndex((each) => each.id === id);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #outOfTime(id: number, timeoutMs: number): void {
    const waiting = this.#take(id);
    if (waiting === undefined) return;
    const message = `${this.#at}: no answer to ${waiting.apiName} within ${timeoutMs} ms`;
    waiting.reject(new KafkaWireError("timeout", message));
    this.#end(
      this.#closedBy(`the connection was given up, ${waiting.apiName} had no answer within ${timeoutMs} ms`),
    );
  }

  #endIfIdle(): void {
    if (this.#closeWhenIdle && this.#waiting.length === 0)
      this.#end(this.#closedBy("the connection was retired"));
  }

  #end(error: KafkaWireError): void {
    if (this.#ended !== null) return;
    this.#ended = error;
    this.#socket.destroy();
    for (const request of this.#waiting.splice(0)) {
      clearTimeout(request.timer);
      request.reject(error);
    }
    for (const listener of this.#endListeners) listener(error);
  }

  #closedBy(text: string): KafkaWireError {
    return new KafkaWireError("closed", `${this.#at}: ${text}`);
  }

  #broken(error: Error): KafkaWireError {
    // TLS 1.3 tells the client only after the handshake that its certificate was missed.
    if (isClientCertificateRefused(codeOf(error), error.message))
      return clientCertificateRefused(this.#at, error);
    return new KafkaWireError("closed", `${this.#at}: ${error.message}`, { cause: error });
  }
}
