import { createServer, type IncomingMessage, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { oauthClientCredentials } from "../../../../platform/event-log/kafka/oauth-client-credentials.js";

const SECRET = "sec ret/9917";

describe("tokens of client credentials", () => {
  let server: Server;
  let url: string;
  let asked: { request: IncomingMessage; body: string }[];
  let nowMs: number;
  let answer: { status: number; body: string };

  beforeEach(async () => {
    asked = [];
    nowMs = 0;
    answer = { status: 200, body: JSON.stringify({ access_token: "t1", expires_in: 60 }) };
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        asked.push({ request, body });
        response.statusCode = answer.status;
        response.end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/token` : "";
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  function tokens() {
    const credentials = { url, clientId: "kadun", clientSecret: SECRET, scope: "kafka write" };
    return oauthClientCredentials(credentials, () => nowMs);
  }

  test("are asked for once and kept, however many connections ask", async () => {
    const token = tokens();
    const got = await Promise.all([token(), token(), token()]);
    await token();
    expect(got.map(({ value }) => value)).toEqual(["t1", "t1", "t1"]);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.body).toBe("grant_type=client_credentials&scope=kafka+write");
    const basic = Buffer.from("kadun:sec+ret%2F9917").toString("base64");
    expect(asked[0]!.request.headers.authorization).toBe(`Basic ${basic}`);
  });

  test("are renewed before they end, and used while the endpoint is away", async () => {
    const token = tokens();
    await token();
    nowMs += 47_000;
    await token();
    expect(asked).toHaveLength(1);
    nowMs += 2_000;
    answer = { status: 503, body: "" };
    await expect(token()).resolves.toEqual({ value: "t1" });
    expect(asked).toHaveLength(2);
    nowMs += 12_000;
    await expect(token()).rejects.toMatchObject({ kind: "unreachable", retryable: true });
    answer = { status: 200, body: JSON.stringify({ access_token: "t2" }) };
    await expect(token()).resolves.toEqual({ value: "t2" });
  });

  test("refused credentials are said to be ours, without the secret", async () => {
    answer = { status: 401, body: JSON.stringify({ error: "invalid_client" }) };
    const refusal = await tokens()().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: "denied", retryable: false });
    expect(String(refusal)).toContain('client "kadun"');
    expect(String(refusal)).toContain("401 invalid_client");
    expect(String(refusal)).not.toContain(SECRET);
  });

  test.each([
    ["no JSON", "<html>", "denied"],
    ["no token", "{}", "denied"],
  ])("an answer with %s is refused", async (_, body, kind) => {
    answer = { status: 200, body };
    await expect(tokens()()).rejects.toMatchObject({ kind });
  });
});
