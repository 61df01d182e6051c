/** What regions set otherwise of a rule: only what differs is written down. */

import { Button, Card, Flex, Select, Typography } from "antd";
import { useMemo } from "react";
import type {
  ConsoleRule,
  DraftMistake,
  ParameterValue,
} from "../../../../../../schemas/http/rules-console.js";
import { regionName, useRegions } from "../../../app/regions.js";
import { useWords } from "../../../words/words.js";
import { rulesWords } from "../words.js";
import { ActionFields } from "./action-fields.js";
import type { EditedRule } from "./draft-saving.js";
import { ParameterField } from "./parameter-field.js";
import { saidOf } from "./said-of.js";

type Override = EditedRule["overrides"][number];

interface Props {
  readonly rule: ConsoleRule;
  readonly national: Readonly<Record<string, ParameterValue>>;
  readonly overrides: readonly Override[];
  readonly mistakes: readonly DraftMistake[];
  readonly onChange: (overrides: Override[]) => void;
}

export function OverridesForm({ rule, national, overrides, mistakes, onChange }: Props) {
  const words = useWords(rulesWords);
  const replace = (at: number, override: Override) =>
    onChange(overrides.map((one, index) => (index === at ? override : one)));
  const where = rule.overriddenBy === "careRegion" ? words.careRegion : words.insuredRegion;
  return (
    <section aria-label={words.overrides}>
      <Typography.Title level={2} style={{ fontSize: 16 }}>
        {words.overrides}（{where}）
      </Typography.Title>
      <Flex vertical gap={8}>
        {overrides.map((override, at) => (
          <OneRegion
            key={override.region}
            rule={rule}
            national={national}
            override={override}
            mistakes={mistakes}
            onChange={(changed) => replace(at, changed)}
            onRemove={() => onChange(overrides.filter((_, index) => index !== at))}
          />
        ))}
        <AddRegion
          taken={overrides.map(({ region }) => region)}
          onAdd={(region) => onChange([...overrides, { region, params: {}, actions: {} }])}
        />
      </Flex>
    </section>
  );
}

function OneRegion({
  rule,
  national,
  override,
  mistakes,
  onChange,
  onRemove,
}: Pick<Props, "rule" | "national" | "mistakes"> & {
  readonly override: Override;
  readonly onChange: (override: Override) => void;
  readonly onRemove: () => void;
}) {
  const words = useWords(rulesWords);
  const regions = useRegions();
  const { region, params, actions } = override;
  const path = `overrides.${region}`;
  const set = (name: string, value: number | null) => {
    const { [name]: _before, ...others } = params;
    onChange({ ...override, params: value === null ? others : { ...others, [name]: value } });
  };
  const said = mistakes.filter((one) => one.path === path).map(({ expected }) => expected);
  return (
    <Card
      size="small"
      type="inner"
      title={`${regionName(regions, region)}（${region}）`}
      extra={
        <Button size="small" danger onClick={onRemove}>
          {words.removeRegion}
        </Button>
      }
    >
      <Flex gap={16} wrap>
        {rule.parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            id={`${rule.id}-${region}-${parameter.name}`}
            parameter={parameter}
            value={params[parameter.name] ?? null}
            inherited={national[parameter.name]}
            said={saidOf(mistakes, `${path}.params.${parameter.name}`)}
            onChange={(value) => set(parameter.name, value)}
          />
        ))}
        <ActionFields
          id={`${rule.id}-${region}`}
          rule={rule}
          actions={actions}
          mistakes={mistakes}
          path={`${path}.actions`}
          onChange={(changed) => onChange({ ...override, actions: changed })}
        />
      </Flex>
      {said.length > 0 && <Typography.Text type="danger">{said.join("; ")}</Typography.Text>}
    </Card>
  );
}

function AddRegion({
  taken,
  onAdd,
}: {
  readonly taken: readonly string[];
  readonly onAdd: (region: string) => void;
}) {
  const words = useWords(rulesWords);
  const regions = useRegions();
  const options = useMemo(
    () =>
      Object.keys(regions)
        .filter((code) => !taken.includes(code))
        .map((code) => ({ value: code, label: `${regionName(regions, code)} ${code}` })),
    [regions, taken],
  );
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      aria-label={words.addRegion}
      placeholder={words.addRegion}
      style={{ width: 280 }}
      value={null}
      onChange={(region: string | null) => region !== null && onAdd(region)}
      options={options}
    />
  );
}
