/**
 * Writes what is derived from code: the rule registry, the JSON Schemas, the OpenAPI document, the example of an environment, the
 * pages of the rules, of loss policies, of card states and of SMS. `--check` writes nothing and fails where
 * a file differs, naming it.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { cardStatesText } from "./card-states-page.js";
import { envExample } from "./env-example.js";
import { jsonSchemas } from "./json-schemas.js";
import { lossPoliciesText } from "./loss-policies-page.js";
import { nationalMessagesText } from "./national-messages.js";
import { openApiText } from "./openapi.js";
import { openApiAppealsText } from "./openapi-appeals.js";
import { openApiCasesText } from "./openapi-cases.js";
import { openApiConsoleText } from "./openapi-console.js";
import { openApiEvidenceText } from "./openapi-evidence.js";
import { openApiRulesText } from "./openapi-rules.js";
import { patrolsText } from "./patrols-page.js";
import { registrySource } from "./registry.js";
import { rulePages } from "./rule-pages.js";
import { smsText } from "./sms-page.js";
import { verifierPageText } from "./verifier-page.js";

const RULES_FOLDER = "services/detector/rules";
const SCHEMAS_FOLDER = "schemas/json";
const RULE_PAGES_FOLDER = "docs/rules";

function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  files.set(`${RULES_FOLDER}/registry.ts`, registrySource(readdirSync(RULES_FOLDER)));
  files.set(`${SCHEMAS_FOLDER}/openapi.json`, openApiText());
  files.set(`${SCHEMAS_FOLDER}/openapi-rules.json`, openApiRulesText());
  files.set(`${SCHEMAS_FOLDER}/openapi-appeals.json`, openApiAppealsText());
  files.set(`${SCHEMAS_FOLDER}/openapi-cases.json`, openApiCasesText());
  files.set(`${SCHEMAS_FOLDER}/openapi-console.json`, openApiConsoleText());
  files.set(`${SCHEMAS_FOLDER}/openapi-evidence.json`, openApiEvidenceText());
  files.set("deploy/env.example", envExample());
  files.set("docs/national-messages.md", nationalMessagesText());
  files.set("docs/loss-policies.md", lossPoliciesText());
  files.set("docs/card-states.md", cardStatesText());
  files.set("docs/patrols.md", patrolsText());
  files.set("docs/sms.md", smsText());
  files.set("services/evidence/page/verify.html", verifierPageText());
  for (const [name, content] of jsonSchemas()) files.set(`${SCHEMAS_FOLDER}/${name}`, content);
  for (const [name, content] of rulePages()) files.set(`${RULE_PAGES_FOLDER}/${name}`, content);
  return files;
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Files in folders of generated ones that nothing generates any more. */
function leftovers(files: Map<string, string>): string[] {
  return [SCHEMAS_FOLDER, RULE_PAGES_FOLDER]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
    .filter((path) => !files.has(path));
}

const files = generatedFiles();
const differing = [...files].filter(([path, content]) => contentOf(path) !== content).map(([path]) => path);
const stale = [...differing, ...leftovers(files)];

if (process.argv.includes("--check")) {
  for (const path of stale) console.error(`${path}: not what the code generates; run 'npm run generate'`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const path of differing) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, files.get(path)!);
    console.log(`wrote ${path}`);
  }
}
