import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { OperatingError } from "../../../cli/exit-status.js";
import { startError } from "../../../cli/process/start-errors.js";
import { KeyValueError } from "../../../platform/key-value/key-value.js";

const LISTENING = { port: 8080, option: "--port" };

async function listenError(port: number, host: string): Promise<unknown> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

test("a port that is taken is named with the option that changes it", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = other.address() as { port: number };
    const error = startError(await listenError(port, "127.0.0.1"), { port, option: "--office-port" });
    expect(error).toBeInstanceOf(OperatingError);
    expect((error as Error).message).toContain(`port ${port}: another program listens on it`);
    expect((error as Error).message).toContain("--office-port");
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test("an address of another machine is said to be one", async () => {
  // 192.0.2.0/24 is for documentation: no machine has it.
  const error = startError(await listenError(0, "192.0.2.1"), LISTENING);
  expect(error).toBeInstanceOf(OperatingError);
  expect((error as Error).message).toContain("--host");
});

test("a file that may not be read is not taken for a port that may not be listened on", () => {
  const folder = mkdtempSync(join(tmpdir(), "kadun-start-errors-"));
  try {
    const file = join(folder, "file");
    writeFileSync(file, "");
    let caught: unknown;
    try {
      readFileSync(join(file, "below"));
    } catch (error) {
      caught = error;
    }
    const refused = Object.assign(caught as NodeJS.ErrnoException, { code: "EACCES" });
    const error = startError(refused, LISTENING);
    expect(error).toBeInstanceOf(OperatingError);
    expect((error as Error).message).toContain(join(file, "below"));
    expect((error as Error).message).not.toContain("port");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a damaged register is one message, a fault of ours stays an error with its stack", () => {
  const damaged = startError(new KeyValueError("CORRUPT", "contacts: damaged; restore it"), LISTENING);
  expect(damaged).toEqual(new OperatingError("contacts: damaged; restore it"));
  const ours = new TypeError("undefined is not a function");
  expect(startError(ours, LISTENING)).toBe(ours);
});
