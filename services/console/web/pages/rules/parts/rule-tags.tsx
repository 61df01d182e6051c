/** Marks of rules and versions. */

import { Tag } from "antd";
import type { ReactNode } from "react";
import type { VersionState } from "../../../../../../schemas/http/rules.js";
import type { ConsoleRule } from "../../../../../../schemas/http/rules-console.js";
import { ActionTag } from "../../../parts/tags.js";
import { useLanguage, useWords } from "../../../words/words.js";
import { rulesWords } from "../words.js";

const MODE_COLOURS = { live: "#2f7d4f", shadow: "#6b3fa0", off: "#5a6472" } as const;
const STATE_COLOURS: Readonly<Record<VersionState, string>> = {
  draft: "#1d4f91",
  approved: "#6b3fa0",
  withdrawn: "#5a6472",
  activating: "#a8480b",
  running: "#2f7d4f",
  retired: "#5a6472",
};

export function ModeTag({ mode }: { readonly mode: ConsoleRule["mode"] }) {
  const words = useWords(rulesWords);
  return <Outlined colour={MODE_COLOURS[mode]}>{words[mode]}</Outlined>;
}

export function VersionStateTag({ state }: { readonly state: VersionState }) {
  const words = useWords(rulesWords);
  return <Outlined colour={STATE_COLOURS[state]}>{words[`${state}State`]}</Outlined>;
}

export function LoweredTag() {
  const words = useWords(rulesWords);
  return <Tag color="#b3202c">{words.lowered}</Tag>;
}

const TONES = {
  success: "#2f7d4f",
  warning: "#8a4b00",
  error: "#b3202c",
  processing: "#1d4f91",
  purple: "#6b3fa0",
  default: "#4d5866",
} as const;
export type Tone = keyof typeof TONES;

/** On white, so that its text can be read whatever the tone. */
export function ToneTag({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <Outlined colour={TONES[tone]}>{children}</Outlined>;
}

/** What a hit comes to, after what the ruleset says of it. */
export function FoundActions({ rule }: { readonly rule: Pick<ConsoleRule, "finds" | "actions"> }) {
  const counted = rule.finds.map((found) => rule.actions[found] ?? found);
  return (
    <>
      {[...new Set(counted)].map((action) => (
        <ActionTag key={action} action={action} />
      ))}
    </>
  );
}

export function RuleTitle({ rule }: { readonly rule: Pick<ConsoleRule, "id" | "title"> }) {
  const language = useLanguage();
  return (
    <>
      <span className="number">{rule.id}</span> {rule.title[language]}
    </>
  );
}

function Outlined({ colour, children }: { readonly colour: string; readonly children: ReactNode }) {
  return (
    <Tag variant="outlined" style={{ color: colour, borderColor: colour, background: "transparent" }}>
      {children}
    </Tag>
  );
}
