/** What counts instead of what a rule finds. */

import { Form, Select } from "antd";
import { ACTIONS, type Action } from "../../../../../../schemas/fields.js";
import type { ConsoleRule, DraftMistake } from "../../../../../../schemas/http/rules-console.js";
import { actionWords } from "../../../words/domain.js";
import { useWords } from "../../../words/words.js";
import { rulesWords } from "../words.js";
import { saidOf } from "./said-of.js";

const AS_FOUND = "as-found";

interface Props {
  readonly id: string;
  readonly rule: Pick<ConsoleRule, "finds" | "actionMax">;
  readonly actions: Partial<Record<Action, Action>>;
  readonly mistakes: readonly DraftMistake[];
  /** Of the mistakes. */
  readonly path: string;
  readonly onChange: (actions: Partial<Record<Action, Action>>) => void;
}

export function ActionFields({ id, rule, actions, mistakes, path, onChange }: Props) {
  const words = useWords(rulesWords);
  const named = useWords(actionWords);
  const allowed = ACTIONS.slice(0, ACTIONS.indexOf(rule.actionMax) + 1);
  const set = (found: Action, as: Action | typeof AS_FOUND) => {
    const { [found]: _before, ...others } = actions;
    onChange(as === AS_FOUND ? others : { ...others, [found]: as });
  };
  return rule.finds.map((found) => (
    <Form.Item
      key={found}
      label={`${words.finds}：${named[found]}`}
      htmlFor={`${id}-${found}`}
      {...saidOf(mistakes, `${path}.${found}`)}
    >
      <Select<Action | typeof AS_FOUND>
        id={`${id}-${found}`}
        style={{ width: 180 }}
        value={actions[found] ?? AS_FOUND}
        onChange={(as) => set(found, as)}
        options={[
          { value: AS_FOUND, label: words.asFound },
          ...allowed.map((value) => ({ value, label: named[value] })),
        ]}
      />
    </Form.Item>
  ));
}
