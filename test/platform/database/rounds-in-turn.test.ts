/** Rounds in turn: outages only make it wait, and it begins anew with each turn. */

import { describe, expect, it } from "@jest/globals";
import type { Clock } from "../../../platform/clock/clock.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";

type Step = number | "throws" | "lose-turn" | "end";

interface Ran {
  readonly rests: number[];
  readonly failures: number[];
  turns: number;
  rounds: number;
}

/** Goes through the steps, one a round; `turnsAway` times the turn cannot be had at first. */
async function ran(steps: readonly Step[], turnsAway = 0): Promise<Ran> {
  const seen: Ran = { rests: [], failures: [], turns: 0, rounds: 0 };
  const ending = new AbortController();
  let losing = new AbortController();
  let away = turnsAway;
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms) => {
      seen.rests.push(ms);
    },
  };
  await roundsInTurn(
    {
      database: {
        alone: async (name, signal, run) => {
          expect(name).toBe("of a test");
          if (away-- > 0) throw new Error("away");
          losing = new AbortController();
          await run(AbortSignal.any([signal, losing.signal]));
        },
      },
      turn: "of a test",
      clock,
      onTurn: () => {
        seen.turns++;
      },
      onFailure: (_, attempt) => seen.failures.push(attempt),
      round: async () => {
        const step = steps[seen.rounds++] ?? "end";
        if (step === "throws") throw new Error("the server is away");
        if (step === "lose-turn") losing.abort();
        if (step === "end") {
          ending.abort();
          throw new Error("in the middle of a round");
        }
        return typeof step === "number" ? step : 0;
      },
    },
    ending.signal,
  );
  return seen;
}

describe("rounds in turn", () => {
  it("rest as long as each round says, and not at all after one that says so", async () => {
    expect(await ran([200, 0, 0, 500])).toMatchObject({
      rests: [200, 500],
      failures: [],
      turns: 1,
      rounds: 5,
    });
  });

  it("wait the longer, the more failed without one between that went through", async () => {
    const { rests, failures } = await ran(["throws", "throws", "throws", 7, "throws"]);
    expect(failures).toEqual([1, 2, 3, 1]);
    expect(rests).toEqual([250, 500, 1000, 7, 250]);
  });

  it("go on with a new turn where one is lost, and wait where none can be had", async () => {
    expect(await ran([0, "lose-turn", 0, "lose-turn"], 2)).toMatchObject({
      failures: [1, 2],
      rests: [250, 500],
      turns: 3,
      rounds: 5,
    });
  });

  it("end without a failure where they are told to, whatever the last one throws", async () => {
    expect(await ran([])).toEqual({ rests: [], failures: [], turns: 1, rounds: 1 });
  });
});
