/** Actions, severities, states and rules as small marks. Colour is never the only sign. */

import { Tag, Tooltip } from "antd";
import { Link } from "react-router-dom";
import type { CaseState } from "../../../../schemas/case-transitions.js";
import { actionWords, caseStateWords, severityWords } from "../words/domain.js";
import { useWords } from "../words/words.js";
import { ACTION_COLOURS, SEVERITY_COLOURS } from "./colours.js";

export { ACTION_COLOURS, SEVERITY_COLOURS };

type Action = keyof (typeof actionWords)["zh"];
type Severity = keyof (typeof severityWords)["zh"];

const STATE_COLOURS = {
  new: "#1d4f91",
  triage: "#1d4f91",
  investigating: "#6b3fa0",
  confirmed: "#b3202c",
  cleared: "#2f7d4f",
  closed: "#5a6472",
} as const satisfies Record<CaseState, string>;

export function ActionTag({ action }: { readonly action: Action }) {
  const words = useWords(actionWords);
  return <Outlined colour={ACTION_COLOURS[action]}>{words[action]}</Outlined>;
}

export function SeverityTag({ severity }: { readonly severity: Severity }) {
  const words = useWords(severityWords);
  return (
    <Tag color={SEVERITY_COLOURS[severity]} variant="solid">
      {words[severity]}
    </Tag>
  );
}

export function CaseStateTag({ state }: { readonly state: CaseState }) {
  const words = useWords(caseStateWords);
  return <Outlined colour={STATE_COLOURS[state]}>{words[state]}</Outlined>;
}

/** @param title what the rule looks for. */
export function RuleTag({ rule, title }: { readonly rule: string; readonly title?: string }) {
  return (
    <Tooltip title={title}>
      <Link to={`/rules/${encodeURIComponent(rule)}`}>
        <Tag>{rule}</Tag>
      </Link>
    </Tooltip>
  );
}

function Outlined({ colour, children }: { readonly colour: string; readonly children: string }) {
  return (
    <Tag variant="outlined" style={{ color: colour, borderColor: colour, background: "transparent" }}>
      {children}
    </Tag>
  );
}
