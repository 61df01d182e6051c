/** The five rules of the job. */

import type { AnyRule } from "../../../services/detector/rules/rule.js";
import { rule as s01 } from "./s01-lost.js";
import { rule as s02 } from "./s02-travel.js";
import { rule as s03 } from "./s03-wrong-pins.js";
import { rule as s04 } from "./s04-split.js";
import { rule as s05 } from "./s05-frequent.js";

export const SWIPE_5_RULES: readonly AnyRule[] = [s01, s02, s03, s04, s05];
