/**
 * TLS before an HTTP server, for tests: ends it and passes the bytes on. Certificates are made by openssl for this one.
 * It checks certificates as Node does; what a ClickHouse server makes of a user's certificate it does not show.
 */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";

const HOST = "127.0.0.1";

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface TlsFront {
  readonly url: string;
  /** Where nobody speaks HTTP but the server behind. */
  readonly port: number;
  /** The server's certificate, which it signed itself and which names 127.0.0.1 only. */
  readonly ca: string;
  /** One that the server trusts, where it asks for one. */
  readonly client: Certificate;
  /** What clients sent, as text. */
  received(): string;
  close(): Promise<void>;
}

export interface TlsFrontOptions {
  readonly target: string;
  readonly asksForCertificates?: boolean;
  /** In the server's certificate, as openssl takes it. */
  readonly names?: string;
}

export async function startTlsFront(options: TlsFrontOptions): Promise<TlsFront> {
  const server = selfSigned("front", options.names ?? `IP:${HOST}`);
  const client = selfSigned("kadun");
  const asked = options.asksForCertificates
    ? { requestCert: true, rejectUnauthorized: true, ca: client.certificate }
    : {};
  const sockets = new Set<net.Socket>();
  let received = "";
  const listener = tls.createServer({ cert: server.certificate, key: server.key, ...asked }, (socket) => {
    const behind = net.connect(Number(new URL(options.target).port), HOST);
    socket.on("data", (bytes: Buffer) => {
      received += bytes.toString("latin1");
    });
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  listener.listen(0, HOST);
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  return {
    url: `https://${HOST}:${port}`,
    port,
    ca: server.certificate,
    client,
    received: () => received,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

export function selfSigned(name: string, alternativeNames?: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "kadun-certificate-"));
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const extension = alternativeNames === undefined ? [] : ["-addext", `subjectAltName=${alternativeNames}`];
  const kind = "req -x509 -newkey rsa:2048 -nodes -days 3".split(" ");
  try {
    execFileSync(
      "openssl",
      [...kind, "-subj", `/CN=${name}`, ...extension, "-keyout", key, "-out", certificate],
      {
        stdio: "ignore",
      },
    );
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
