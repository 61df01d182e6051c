import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readCsv } from "../../../bench/real/csv.js";
import { collect, withDataFolder } from "./sample-set.js";

const read = (name: string, text: string) =>
  withDataFolder({ [name]: text }, async (folder) => {
    const rows = await collect(readCsv(join(folder, name), ["city", "amount"]));
    return rows.map((row) => [row.place, row.text("city"), row.text("amount")]);
  });

describe("reading a CSV file", () => {
  test("finds columns by name and keeps empty fields", async () => {
    expect(await read("a.csv", "amount,other,city\n1.5,x,Kano\n,y,Lagos\n")).toEqual([
      ["a.csv line 2", "Kano", "1.5"],
      ["a.csv line 3", "Lagos", ""],
    ]);
  });

  test("unpacks .gz, drops carriage returns and needs no last line end", async () => {
    expect(await read("a.csv.gz", "city,amount\r\nKano,1\r\nLagos,2")).toEqual([
      ["a.csv.gz line 2", "Kano", "1"],
      ["a.csv.gz line 3", "Lagos", "2"],
    ]);
  });

  test("reads characters that a chunk's end cuts in two", async () => {
    const city = "昆".repeat(50_000);
    expect(await read("a.csv", `city,amount\n${city},1\n`)).toEqual([["a.csv line 2", city, "1"]]);
  });

  test.each([
    ["a missing column", "city,total\nKano,1\n", "a.csv line 1: no column amount; the file has city, total"],
    ["a row of another length", "city,amount\nKano\n", "a.csv line 2: 1 fields; the header has 2"],
    ["a quoted field", 'city,amount\n"Kano",1\n', "a.csv line 2: a quoted field"],
  ])("refuses %s by line", async (_, text, message) => {
    await expect(read("a.csv", text)).rejects.toThrow(message);
  });

  test("a broken .gz is an error, not a short file", async () => {
    await withDataFolder({ "a.csv": "city,amount\nKano,1\n" }, async (folder) => {
      await rename(join(folder, "a.csv"), join(folder, "a.csv.gz"));
      await expect(collect(readCsv(join(folder, "a.csv.gz"), ["city"]))).rejects.toThrow("incorrect header");
    });
  });

  test("a missing file is named", async () => {
    await expect(collect(readCsv("nowhere/a.csv", ["city"]))).rejects.toThrow("nowhere/a.csv");
  });
});
