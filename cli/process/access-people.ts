/** People, whom the rules keep, as the console's access asks for them. */

import { folded, nameProblem } from "../../schemas/person-name.js";
import type { People } from "../../services/bundles/people.js";
import { RulesRefusal } from "../../services/bundles/refusal.js";
import type { AccountPeople } from "../../services/console/access/accounts.js";
import type { KeyHolders } from "../../services/console/access/gate.js";
import { isBearer } from "./request-parts.js";

export type KeptPeople = Pick<People, "add" | "admit" | "list">;

export function accountPeople(people: KeptPeople): AccountPeople {
  return {
    ensure: async (given) => {
      const problem = nameProblem(given);
      if (problem !== null) return { problem };
      const known = (await people.list()).find(({ name }) => folded(name) === folded(given));
      if (known !== undefined && known.revokedAt === null) return { name: known.name };
      try {
        // Nobody sees the key: whoever wants one is given it by revoking and adding the name again.
        await people.add(given);
      } catch (error) {
        // Somebody added the same name just now.
        if (!(error instanceof RulesRefusal) || error.code !== "PERSON_EXISTS") throw error;
      }
      return { name: known?.name ?? given };
    },
  };
}

export function keyHolders(people: Pick<People, "admit">, localKey: () => string): KeyHolders {
  return {
    isLocalKey: (authorization) => isBearer(authorization, localKey()),
    personOf: async (authorization) => {
      try {
        return { name: await people.admit(authorization) };
      } catch (error) {
        if (!(error instanceof RulesRefusal)) throw error;
        const { code, message } = error;
        if (code === "KEY_MISSING" || code === "KEY_INVALID" || code === "KEY_REVOKED")
          return { refused: code, detail: message };
        throw error;
      }
    },
  };
}
