import { openCommandSigner } from "../../../platform/signer/command/command-signer.js";
import { describeSigner } from "../../contract/signer.contract.js";
import { moduleTool } from "../../support/evidence/module-tool.js";
import { SmallBags } from "../../support/evidence/small-bag.js";

describeSigner("files", async () => {
  const bags = new SmallBags();
  const { keyId, ed25519, sm2 } = bags.publicKeys.keys[0]!;
  return { signer: bags.signer(), keyId, ed25519, sm2, remove: () => bags.remove() };
});

describeSigner("a program", async () => {
  const bags = new SmallBags();
  const { keyId, ed25519, sm2 } = bags.publicKeys.keys[0]!;
  const signer = openCommandSigner({ command: moduleTool(bags), keyId, ed25519, sm2 });
  return { signer, keyId, ed25519, sm2, remove: () => bags.remove() };
});
