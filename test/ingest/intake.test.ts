/** What an exception while one record is looked at becomes. */

import { expect, test } from "@jest/globals";
import { Intake } from "../../services/ingest/intake.js";
import type { JournalWriter } from "../../services/ingest/journal-writer.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "../support/judge.js";
import { purchase } from "../support/national.js";
import { rawSwipe } from "../support/records.js";
import { KeptLog } from "./gateway-world.js";

const broken = () => {
  throw new RangeError("of P33010600012");
};
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

test("a record that Kadun fails on is refused and logged, whichever way it came, and its message is not told", () => {
  const logger = new KeptLog();
  const intake = new Intake({
    tokens: new Tokeniser(ALL_ZERO_KEY),
    drugs: defaultBundle.drugs,
    writer: {} as JournalWriter,
    institutions: { find: broken, fill: broken },
    logger,
  });
  const refused = [
    intake.accept(bytes(rawSwipe()), "swipe"),
    intake.acceptEither(bytes(rawSwipe()), ["swipe"]),
    intake.acceptEither(bytes(purchase("2102")), ["swipe"]),
    intake.readNational(bytes(purchase("2102"))).result,
  ];
  expect(refused).toEqual(
    refused.map(() => ({
      refused: true,
      code: "RECORD_FAILED",
      field: "",
      reason: expect.stringMatching(/report it.*\(RangeError\)$/),
      eventId: null,
    })),
  );
  expect(logger.lines).toHaveLength(refused.length);
});
