import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { listenErrorMessage } from "../../../platform/lifecycle/listen-error.js";

const options = { portOption: "--port", hostOption: "--host" };

function errorOfListening(host: string, port: number): Promise<unknown> {
  return new Promise((resolve) => createServer().once("error", resolve).listen(port, host));
}

test("a taken port is named, with the option that changes it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const error = await errorOfListening("127.0.0.1", port);
  other.close();
  expect(listenErrorMessage(error, { host: "127.0.0.1", port, ...options })).toBe(
    `port ${port}: another program listens on it; end that one, or name another port with --port`,
  );
});

test("an address of another machine is named, with the option that changes it", async () => {
  const error = await errorOfListening("192.0.2.1", 0);
  expect(listenErrorMessage(error, { host: "192.0.2.1", port: 80, ...options })).toBe(
    "host 192.0.2.1: not an address of this machine; name one that is with --host",
  );
});

test.each([
  ["listen", "EACCES", "port 80: not allowed to listen on it; name one above 1023 with --port"],
  [
    "getaddrinfo",
    "ENOTFOUND",
    "host h: no such name (ENOTFOUND); name an address of this machine with --host",
  ],
  ["listen", "EAFNOSUPPORT", "h:80: cannot be listened on (EAFNOSUPPORT); try another with --port or --host"],
])("%s %s has its message", (syscall, code, message) => {
  const error = Object.assign(new Error(code), { syscall, code });
  expect(listenErrorMessage(error, { host: "h", port: 80, ...options })).toBe(message);
});

test("a file that may not be written is no matter of listening", () => {
  const error = Object.assign(new Error("EACCES"), { syscall: "open", code: "EACCES" });
  expect(listenErrorMessage(error, { host: "h", port: 80, ...options })).toBeNull();
  expect(listenErrorMessage("text", { host: "h", port: 80, ...options })).toBeNull();
});
