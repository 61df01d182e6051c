/** The image, as far as it can be checked without an engine. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { packageRoot } from "../../cli/package-root.js";
import { deployFolder } from "./compose-file.js";

interface Instruction {
  readonly name: string;
  readonly rest: string;
  /** From 0 on. */
  readonly stage: number;
}

function instructions(): readonly Instruction[] {
  const text = readFileSync(join(deployFolder, "Dockerfile"), "utf8").replace(/\\\n/g, " ");
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  let stage = -1;
  return lines.map((line) => {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line)!;
    if (name === "FROM") stage += 1;
    return { name: name!, rest: rest!, stage };
  });
}

const all = instructions();
const last = all.filter(({ stage }) => stage === 1);
const copies = all
  .filter(({ name }) => name === "COPY")
  .map(({ rest, stage }) => ({ words: rest.split(/\s+/), stage }));
const fromTree = copies.filter(({ words }) => !words[0]!.startsWith("--from="));
const sources = fromTree.flatMap(({ words }) => words.slice(0, -1));

function one(name: string): string {
  const found = last.filter((each) => each.name === name);
  expect(found).toHaveLength(1);
  return found[0]!.rest;
}

describe("the Dockerfile", () => {
  test.each(sources)("copies %s, which exists and is not ignored", (source) => {
    expect(existsSync(join(packageRoot, source))).toBe(true);
    const ignore = readFileSync(join(deployFolder, "Dockerfile.dockerignore"), "utf8").split("\n");
    expect(ignore).toContain("*");
    expect(ignore).toContain(`!${source.split("/")[0]}`);
  });

  test("has in its first stage all that the console's pages are made of", () => {
    const [, listed = ""] = /const SOURCES = \[([^\]]+)\]/.exec(
      readFileSync(join(packageRoot, "tools", "build-web.ts"), "utf8"),
    )!;
    const needed = [...listed.matchAll(/"([^"]+)"/g)].map(([, path]) => path!);
    const brought = copies.filter(({ stage }) => stage === 0).flatMap(({ words }) => words.slice(0, -1));
    expect(needed.length).toBeGreaterThan(3);
    expect(
      needed.filter((path) => !brought.some((one) => path === one || path.startsWith(`${one}/`))),
    ).toEqual([]);
  });

  test("brings every file that the package needs when it runs", () => {
    const { files } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
      files: string[];
    };
    const targets = copies.filter(({ stage }) => stage === 1).flatMap(({ words }) => words.slice(0, -1));
    const brought = targets.map((path) => path.replace(/^\/app\//, ""));
    const packed = files.filter((file) => !file.startsWith("!"));
    expect(brought).toEqual(expect.arrayContaining([...packed, "package.json", "node_modules"]));
  });

  test("builds what `npm run build` needs: the folders of tsconfig.build.json", () => {
    const { include } = JSON.parse(readFileSync(join(packageRoot, "tsconfig.build.json"), "utf8")) as {
      include: string[];
    };
    expect(sources).toEqual(expect.arrayContaining(include));
  });

  test("runs the program as a user who is not root", () => {
    expect(one("USER")).toBe("node");
    const order = last.map(({ name }) => name);
    expect(order.lastIndexOf("RUN")).toBeLessThan(order.indexOf("USER"));
    expect(JSON.parse(one("ENTRYPOINT"))).toEqual(["node", "dist/cli/main.js"]);
    expect(existsSync(join(packageRoot, "cli", "main.ts"))).toBe(true);
  });

  describe("health check", () => {
    async function statusOf(port: number): Promise<number> {
      const [command, ...args] = JSON.parse(one("HEALTHCHECK").replace(/^.*?CMD\s+/, "")) as string[];
      const env = { ...process.env, KADUN_PORT: String(port) };
      const [status] = await once(spawn(command!, args, { env, stdio: "ignore" }), "exit");
      return status as number;
    }

    test.each([
      { answer: 200, status: 0 },
      { answer: 503, status: 1 },
    ])("ends with $status when /livez answers $answer", async ({ answer, status }) => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url!);
        response.writeHead(answer).end();
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      try {
        expect(await statusOf((server.address() as AddressInfo).port)).toBe(status);
        expect(asked).toEqual(["/livez"]);
      } finally {
        server.close();
      }
    });

    test("ends with 1 when nobody listens", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, "close");
      expect(await statusOf(port)).toBe(1);
    });
  });
});
