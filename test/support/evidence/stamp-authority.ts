/** Stands in for a time-stamp authority: `openssl ts` behind a small HTTP server, with a CA of its own. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CONFIG = `
[tsa]
default_tsa = one
[one]
dir = .
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
certs = ./ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
[stamping]
extendedKeyUsage = critical,timeStamping
`;

export class StampAuthority {
  private readonly server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      this.requests++;
      response.writeHead(this.status, { "content-type": "application/timestamp-reply" });
      response.end(this.answer(body));
    });
  });
  requests = 0;
  status = 200;

  /** @param kind of its keys, as `openssl req -newkey` has them. */
  private constructor(
    readonly folder: string,
    kind: readonly string[],
  ) {
    writeFileSync(join(folder, "ts.cnf"), CONFIG);
    writeFileSync(join(folder, "serial"), "01\n");
    const made = (name: string, subject: string, extensions: string, ...more: string[]) =>
      this.openssl(
        "req",
        "-x509",
        "-config",
        "ts.cnf",
        "-newkey",
        ...kind,
        "-nodes",
        "-days",
        "2",
        "-subj",
        subject,
        ...[...["-extensions", extensions, "-keyout", `${name}.key`, "-out", `${name}.pem`], ...more],
      );
    made("ca", "/CN=Stand-in CA", "ca");
    made("tsa", "/CN=Stand-in authority", "stamping", "-CA", "ca.pem", "-CAkey", "ca.key");
    made("other", "/CN=Other CA", "ca");
  }

  static async start(kind: readonly string[] = ["rsa:2048"]): Promise<StampAuthority> {
    const authority = new StampAuthority(mkdtempSync(join(tmpdir(), "kadun-stamps-")), kind);
    await new Promise<void>((resolve) => authority.server.listen(0, "127.0.0.1", resolve));
    return authority;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  pem(name: "ca" | "other"): Buffer {
    return readFileSync(join(this.folder, `${name}.pem`));
  }

  /** To a request (DER): what the authority answers. */
  answer(request: Buffer): Buffer {
    writeFileSync(join(this.folder, "request.tsq"), request);
    this.openssl(
      "ts",
      "-reply",
      "-config",
      "ts.cnf",
      "-section",
      "one",
      "-queryfile",
      "request.tsq",
      "-out",
      "answer.tsr",
    );
    return readFileSync(join(this.folder, "answer.tsr"));
  }

  openssl(...args: string[]): string {
    return execFileSync("openssl", args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] }).toString();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
