/**
 * One kept-alive HTTP/1.1 connection with one request under way, as cheap as a load generator needs it: requests are
 * whole frames made beforehand, of an answer only status, length and body are read.
 *
 * Owns: the socket, framing of answers. Does not own: which request goes where (open-loop.ts).
 *
 * 1. One request at a time; the next may be sent from within `onAnswer`.
 * 2. A broken connection is reported once and never used again; what became of its request is unknown.
 * 3. Answers must carry Content-Length: anything else breaks the connection, it is never guessed.
 */

import { connect, type Socket } from "node:net";

export interface HttpConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly onOpen: (connection: HttpConnection) => void;
  readonly onAnswer: (connection: HttpConnection, status: number, body: Buffer) => void;
  readonly onBroken: (connection: HttpConnection, error: Error) => void;
}

/** `HTTP/1.1 200` */
const STATUS_START = 9;
const STATUS_END = 12;
const HEAD_END = Buffer.from("\r\n\r\n");
const CONTENT_LENGTH = /\r\ncontent-length: *(\d{1,9})\r\n/i;

export class HttpConnection {
  /** Number of the request under way, for whoever sent it; −1 for none. */
  request = -1;
  private readonly socket: Socket;
  private received: Buffer | null = null;
  private isBroken = false;

  constructor(private readonly options: HttpConnectionOptions) {
    const { host, port, onOpen } = options;
    this.socket = connect({ host, port, noDelay: true }, () => onOpen(this));
    this.socket.on("data", (bytes) => this.take(bytes));
    this.socket.on("error", (error) => this.break(error));
    this.socket.on("close", () => this.break(new Error("the server closed the connection")));
  }

  send(request: number, frame: Uint8Array): void {
    this.request = request;
    this.socket.write(frame);
  }

  close(): void {
    this.isBroken = true;
    this.socket.destroy();
  }

  private take(bytes: Buffer): void {
    const received = this.received === null ? bytes : Buffer.concat([this.received, bytes]);
    this.received = received;
    const headEnd = received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = received.toString("latin1", 0, headEnd + 2);
    const length = CONTENT_LENGTH.exec(head)?.[1];
    if (length === undefined) {
      this.break(new Error("an answer without Content-Length"));
      return;
    }
    const bodyStart = headEnd + HEAD_END.length;
    const bodyEnd = bodyStart + Number(length);
    if (received.length < bodyEnd) return;
    this.received = null;
    this.options.onAnswer(
      this,
      Number(head.slice(STATUS_START, STATUS_END)),
      received.subarray(bodyStart, bodyEnd),
    );
  }

  private break(error: Error): void {
    if (this.isBroken) return;
    this.close();
    this.options.onBroken(this, error);
  }
}
