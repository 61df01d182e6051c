/** One number of a rule; money is typed in yuan. */

import { Form, InputNumber } from "antd";
import type { ParameterValue, RuleParameter } from "../../../../../../schemas/http/rules-console.js";
import { useLanguage, useWords } from "../../../words/words.js";
import { parameterText, UNIT_WORDS } from "../parts/parameter-text.js";
import { rulesWords } from "../words.js";
import type { Said } from "./said-of.js";

const FEN_PER_YUAN = 100;

interface Props {
  readonly id: string;
  readonly parameter: RuleParameter;
  /** null: as above, where that is possible. */
  readonly value: ParameterValue | null;
  /** Shown where there is no value. */
  readonly inherited?: ParameterValue | undefined;
  readonly said: Said;
  readonly onChange: (value: number | null) => void;
}

export function ParameterField({ id, parameter, value, inherited, said, onChange }: Props) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const { title, unit, min, max } = parameter;
  const scale = unit === "fen" ? FEN_PER_YUAN : 1;
  const limits = [min, max].map((limit) => (limit === null ? "…" : parameterText(limit, unit, language)));
  const help = said.help ?? (min === null && max === null ? undefined : limits.join(" – "));
  return (
    <Form.Item label={title[language]} htmlFor={id} {...said} help={help}>
      <InputNumber
        id={id}
        style={{ width: 180 }}
        value={typeof value === "number" ? value / scale : null}
        placeholder={
          inherited === undefined ? "" : `${words.inherits} ${parameterText(inherited, unit, language)}`
        }
        suffix={UNIT_WORDS[language][unit]}
        onChange={(typed) => onChange(typed === null ? null : exact(Number(typed) * scale))}
      />
    </Form.Item>
  );
}

/** 0.07 yuan are 7 fen, whatever floating point makes of it; what is no whole number stays so, and is a mistake. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
