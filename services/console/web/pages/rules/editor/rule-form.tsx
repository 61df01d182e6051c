/** The form of one rule: mode, severity, parameters with units and limits, actions, and what regions set otherwise. */

import { Card, Flex, Form, Select, Typography } from "antd";
import { useState } from "react";
import { MODES, SEVERITIES } from "../../../../../../schemas/fields.js";
import type { ConsoleRule, DraftMistake } from "../../../../../../schemas/http/rules-console.js";
import { severityWords } from "../../../words/domain.js";
import { useLanguage, useWords } from "../../../words/words.js";
import { RuleTitle } from "../parts/rule-tags.js";
import { rulesWords } from "../words.js";
import { ActionFields } from "./action-fields.js";
import type { EditedRule } from "./draft-saving.js";
import { OverridesForm } from "./overrides-form.js";
import { ParameterField } from "./parameter-field.js";
import { saidOf } from "./said-of.js";

interface Props {
  /** As it is stored; what is typed here is ahead of it. */
  readonly rule: ConsoleRule;
  readonly mistakes: readonly DraftMistake[];
  readonly onEdit: (edit: EditedRule) => void;
}

export function RuleForm({ rule, mistakes, onEdit }: Props) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const severities = useWords(severityWords);
  const [edit, setEdit] = useState(() => editOf(rule));
  const change = (changed: Partial<EditedRule>) => {
    const next = { ...edit, ...changed };
    setEdit(next);
    onEdit(next);
  };
  const hasRegions = rule.overriddenBy === "careRegion" || rule.overriddenBy === "insuredRegion";
  return (
    <Card size="small" title={<RuleTitle rule={rule} />}>
      <Typography.Paragraph type="secondary">{rule.sees[language]}</Typography.Paragraph>
      <Form layout="vertical" component="div">
        <Flex gap={16} wrap>
          <Form.Item label={words.mode} htmlFor={`${rule.id}-mode`} {...saidOf(mistakes, "mode")}>
            <Select
              id={`${rule.id}-mode`}
              style={{ width: 140 }}
              value={edit.mode}
              onChange={(mode) => change({ mode })}
              options={MODES.map((value) => ({ value, label: words[value] }))}
            />
          </Form.Item>
          <Form.Item label={words.severity} htmlFor={`${rule.id}-severity`} {...saidOf(mistakes, "severity")}>
            <Select
              id={`${rule.id}-severity`}
              style={{ width: 140 }}
              value={edit.severity}
              onChange={(severity) => change({ severity })}
              options={SEVERITIES.map((value) => ({ value, label: severities[value] }))}
            />
          </Form.Item>
          {rule.parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              id={`${rule.id}-${parameter.name}`}
              parameter={parameter}
              value={edit.params[parameter.name] ?? null}
              said={saidOf(mistakes, `params.${parameter.name}`)}
              onChange={(value) =>
                value !== null && change({ params: { ...edit.params, [parameter.name]: value } })
              }
            />
          ))}
          {hasRegions && (
            <ActionFields
              id={rule.id}
              rule={rule}
              actions={edit.actions}
              mistakes={mistakes}
              path="actions"
              onChange={(actions) => change({ actions })}
            />
          )}
        </Flex>
        <OtherMistakes mistakes={mistakes} />
        {hasRegions && (
          <OverridesForm
            rule={rule}
            national={edit.params}
            overrides={edit.overrides}
            mistakes={mistakes}
            onChange={(overrides) => change({ overrides })}
          />
        )}
      </Form>
    </Card>
  );
}

function editOf({ mode, severity, parameters, actions, overrides }: ConsoleRule): EditedRule {
  return {
    mode,
    severity,
    params: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
    actions,
    overrides,
  };
}

const SHOWN_AT_FIELDS = /^(mode|severity|params\.\w+|actions\.\w+|overrides\.)/;

/** Of the rule as a whole. */
function OtherMistakes({ mistakes }: Pick<Props, "mistakes">) {
  return mistakes
    .filter(({ path }) => !SHOWN_AT_FIELDS.test(path))
    .map(({ path, expected }) => (
      <Typography.Paragraph key={path} type="danger">
        {path === "" ? "" : `${path}: `}
        {expected}
      </Typography.Paragraph>
    ));
}
