/** fast-check with one seed for all: a red build stays red. `KADUN_SEED=n npm test` looks elsewhere. */

import fc from "fast-check";

const SEED_DEFAULT = 20_260_301;

fc.configureGlobal({ seed: Number(process.env.KADUN_SEED ?? SEED_DEFAULT) });

export default fc;
