/** What a request may be, whatever it asks for: keys, rates, sizes, types, addresses. Every refusal is a problem. */

import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { PROBLEMS, problem } from "../../schemas/http/problem.js";
import { purchase } from "../support/national.js";
import { rawSwipe } from "../support/records.js";
import { GatewayWorld, HeldPace, NDJSON, type Response } from "./gateway-world.js";

let world: GatewayWorld;
afterEach(() => world.close());

function expectProblem(response: Response, code: keyof typeof PROBLEMS): void {
  const body = problem.parse(response.json());
  expect([response.statusCode, body.status, body.code]).toEqual([
    PROBLEMS[code].status,
    PROBLEMS[code].status,
    code,
  ]);
  expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
}

const post = (headers: Record<string, string> = {}, body: unknown = rawSwipe()) =>
  world.send("POST", "/v1/swipes", body, headers);

describe("a key", () => {
  test("that is missing is asked for", async () => {
    world = await GatewayWorld.open();
    const response = await world.call({ method: "POST", url: "/v1/swipes", payload: "{}" });
    expectProblem(response, "KEY_MISSING");
    expect(response.headers["www-authenticate"]).toBe("Bearer");
  });

  test.each([
    ["of another scheme", () => "Basic aGFuZ3pob3U6eA=="],
    ["of an unknown network", (key: string) => `Bearer ${key.replace("hangzhou", "ningbo")}`],
    ["with a wrong secret", (key: string) => `Bearer ${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`],
    ["with more behind it", (key: string) => `Bearer ${key}x`],
    ["of endless length", (key: string) => `Bearer ${key}${"x".repeat(4000)}`],
    ["of nothing", () => "Bearer "],
    ["named like a property of every object", () => "Bearer kdn_constructor_x"],
  ])("%s is refused", async (_name, headerOf) => {
    world = await GatewayWorld.open();
    expectProblem(await post({ authorization: headerOf(world.key) }), "KEY_INVALID");
    expect(world.journal()).toEqual([]);
  });

  test("that was revoked is told so", async () => {
    world = await GatewayWorld.open();
    await world.networks.revoke("hangzhou");
    expectProblem(await post(), "KEY_REVOKED");
  });

  test("opens only what its network may do", async () => {
    world = await GatewayWorld.open();
    const key = await world.networks.add("ningbo");
    const authorization = `Bearer ${key}`;
    expect((await post({ authorization })).statusCode).toBe(202);
    expectProblem(await world.send("POST", "/v1/feedback", {}, { authorization }), "NOT_PERMITTED");
  });

  test("of a network that stays within its rate is let in, beyond it must wait", async () => {
    world = await GatewayWorld.open();
    const key = await world.networks.add("ningbo", { limit: { recordsPerSecond: 0.5, burst: 2 } });
    const authorization = `Bearer ${key}`;
    for (const status of [202, 202]) expect((await post({ authorization })).statusCode).toBe(status);
    const refused = await post({ authorization });
    expectProblem(refused, "RATE_LIMITED");
    expect(refused.headers["retry-after"]).toBe("2");
    expect((await post()).statusCode).toBe(202);
    world.clock.advance(1999);
    expectProblem(await post({ authorization }), "RATE_LIMITED");
    world.clock.advance(1);
    expect((await post({ authorization })).statusCode).toBe(202);
  });

  test("pays for every line it sends", async () => {
    world = await GatewayWorld.open();
    const key = await world.networks.add("ningbo", { limit: { recordsPerSecond: 1, burst: 1 } });
    const headers = { authorization: `Bearer ${key}`, "content-type": NDJSON };
    const lines = Array(4).fill(JSON.stringify(rawSwipe())).join("\n");
    expect((await post(headers, lines)).statusCode).toBe(202);
    const refused = await post(headers, lines);
    expectProblem(refused, "RATE_LIMITED");
    expect(refused.headers["retry-after"]).toBe("4");
  });
});

describe("a body", () => {
  test.each([
    ["text/plain"],
    ["application/xml"],
    ["multipart/form-data; boundary=x"],
    ["application/jsonx"],
    ["nonsense"],
  ])("of type %s is refused", async (type) => {
    world = await GatewayWorld.open();
    expectProblem(await post({ "content-type": type }, "{}"), "CONTENT_TYPE_UNSUPPORTED");
  });

  test("of JSON with a charset is taken", async () => {
    world = await GatewayWorld.open();
    expect((await post({ "content-type": "application/json; charset=utf-8" })).statusCode).toBe(202);
  });

  test("that is compressed is refused", async () => {
    world = await GatewayWorld.open();
    expectProblem(await post({ "content-encoding": "gzip" }), "CONTENT_TYPE_UNSUPPORTED");
  });

  test("of nothing is refused", async () => {
    world = await GatewayWorld.open();
    expectProblem(await post({}, ""), "BODY_EMPTY");
    expectProblem(await world.send("POST", "/v1/swipes"), "BODY_EMPTY");
  });

  test("above the limit is refused before it is read", async () => {
    world = await GatewayWorld.open({ gateway: { limits: { bodyBytesMax: 2000, objectBytesMax: 1000 } } });
    expectProblem(await post({}, "x".repeat(2001)), "BODY_TOO_LARGE");
    expectProblem(await post({}, "x".repeat(1001)), "BODY_TOO_LARGE");
    expectProblem(await world.send("POST", "/v1/authorizations", "x".repeat(1001)), "BODY_TOO_LARGE");
  });

  test("of lines is refused where one object is expected", async () => {
    world = await GatewayWorld.open();
    for (const [method, url] of [
      ["POST", "/v1/authorizations"],
      ["PUT", "/v1/contacts"],
    ] as const)
      expectProblem(
        await world.send(method, url, "{}\n{}", { "content-type": NDJSON }),
        "CONTENT_TYPE_UNSUPPORTED",
      );
  });
});

describe("an address", () => {
  test("that does not exist is not found, whatever is sent to it", async () => {
    world = await GatewayWorld.open();
    expectProblem(await world.send("GET", "/v1/nothing"), "NOT_FOUND");
    expectProblem(await world.send("POST", "/v1/swipes/", {}), "NOT_FOUND");
    expectProblem(await world.send("POST", "/", "x", { "content-type": "text/plain" }), "NOT_FOUND");
  });

  test("that is no address is refused", async () => {
    world = await GatewayWorld.open();
    expectProblem(await world.send("GET", "/v1/%E0%A4%A"), "REQUEST_INVALID");
  });

  test("asked with another method names those it knows", async () => {
    world = await GatewayWorld.open();
    const response = await world.send("GET", "/v1/swipes?x=1");
    expectProblem(response, "METHOD_NOT_ALLOWED");
    expect(response.headers.allow).toBe("POST");
    expectProblem(await world.send("POST", "/v1/contacts", {}), "METHOD_NOT_ALLOWED");
    expectProblem(await world.send("PUT", "/livez", {}), "METHOD_NOT_ALLOWED");
  });
});

describe("health", () => {
  test("says that the process lives, to anybody", async () => {
    world = await GatewayWorld.open();
    const response = await world.call({ method: "GET", url: "/livez" });
    expect([response.statusCode, response.json()]).toEqual([200, { alive: true }]);
  });

  test("says whether traffic may come, and why not", async () => {
    world = await GatewayWorld.open();
    expect((await world.call({ method: "GET", url: "/readyz" })).statusCode).toBe(200);
    world.readiness = { ready: false, reasons: ["partition 1: not bootstrapped"] };
    const response = await world.call({ method: "GET", url: "/readyz" });
    expect([response.statusCode, response.json()]).toEqual([503, world.readiness]);
  });
});

describe("an error inside", () => {
  test("is a problem without its text; the log has the error and the route, not the request", async () => {
    const readiness = () => {
      throw new Error("secret 330102199001011234");
    };
    world = await GatewayWorld.open({ gateway: { readiness } });
    const response = await world.call({ method: "GET", url: "/readyz?personId=330102199001011234" });
    expectProblem(response, "INTERNAL");
    expect(response.body).not.toContain("3301");
    expect(world.logger.lines).toMatchObject([
      { event: "ingest.request-failed", fields: { path: "/readyz" } },
    ]);
  });
});

/** A bare connection, and everything it was sent until it ended. */
function connection(port: number): { socket: Socket; text: Promise<string> } {
  const socket = connect(port, "127.0.0.1");
  const text = new Promise<string>((resolve, reject) => {
    let received = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      received += chunk;
    });
    socket.on("end", () => resolve(received));
    socket.on("error", reject);
  });
  return { socket, text };
}

function answerTo(port: number, bytes: string): Promise<string> {
  const { socket, text } = connection(port);
  socket.write(bytes);
  return text;
}

describe("on a real connection", () => {
  test("what is no HTTP is answered with a problem", async () => {
    world = await GatewayWorld.open();
    const text = await answerTo(world.port, "kadun\r\n\r\n");
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"REQUEST_INVALID"/);
  });

  test("headers without end are answered with a problem", async () => {
    world = await GatewayWorld.open();
    const text = await answerTo(world.port, `GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/);
  });

  test.each([
    ["a problem", "/v1/swipes", 202, rawSwipe(), /application\/problem\+json[\s\S]*"code":"STOPPING"/],
    [
      "the platform's envelope",
      "/v1/national",
      200,
      purchase("2102"),
      /application\/json[\s\S]*"infcode":-1[\s\S]*请稍后以同一报文ID重发[\s\S]*"code":"STOPPING"/,
    ],
  ])(
    "a request that comes while the process stops is told by %s to come again",
    async (_title, url, status, message, told) => {
      const pace = new HeldPace();
      world = await GatewayWorld.open({ pace });
      const body = JSON.stringify(message);
      const request =
        `POST ${url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.key}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      const held = pace.hold();
      const { socket, text } = connection(world.port);
      socket.write(request);
      await held;
      const closed = world.app.close();
      await world.stopping;
      const second = new Promise((resolve) => world.app.server.once("request", resolve));
      socket.write(request);
      await second;
      pace.release();
      await closed;
      const [first, later] = (await text).split("HTTP/1.1 503 ");
      expect(first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(later).toMatch(told);
    },
  );
});
