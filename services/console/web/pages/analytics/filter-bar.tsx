/** What narrows the figures; it stands in the address. */

import { Button, Flex, Input, Segmented, Select } from "antd";
import { type ReactNode, useId, useMemo } from "react";
import { ACTIONS, INSTITUTION_KINDS, SWIPE_KINDS } from "../../../../../schemas/fields.js";
import { pageNowMs } from "../../app/page-time.js";
import { regionName, useRegions } from "../../app/regions.js";
import type { Query } from "../../parts/url-state.js";
import { actionWords, institutionKindWords, swipeKindWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { analyticsWords } from "./analytics-words.js";
import { PERIOD_DAYS, periodOf, shownDays } from "./asked-range.js";

export type Field = "care" | "insured" | "institutionKind" | "kind" | "rule" | "action" | "institution";

interface FilterBarProps {
  readonly fields: readonly Field[];
  readonly query: Query;
  readonly change: (changes: Query) => void;
  readonly children?: ReactNode;
}

export function FilterBar({ fields, query, change, children }: FilterBarProps) {
  const words = useWords(analyticsWords);
  const isNarrowed = fields.some((field) => (query[field] ?? "") !== "");
  return (
    <Flex gap={12} wrap align="end" style={{ marginBottom: 16 }}>
      <Period query={query} change={change} />
      {fields.map((field) => (
        <OneField
          key={field}
          field={field}
          value={query[field] ?? ""}
          change={(value) => change({ [field]: value })}
        />
      ))}
      {children}
      {isNarrowed && (
        <Button type="link" onClick={() => change(Object.fromEntries(fields.map((field) => [field, ""])))}>
          {words.clear}
        </Button>
      )}
    </Flex>
  );
}

function Period({ query, change }: Pick<FilterBarProps, "query" | "change">) {
  const words = useWords(analyticsWords);
  const nowMs = pageNowMs();
  const { from, to } = shownDays(query, nowMs);
  const days = PERIOD_DAYS.find((one) => {
    const period = periodOf(one, nowMs);
    return period.from === from && period.to === to;
  });
  return (
    <>
      <Labelled label={words.period}>
        <Segmented
          aria-label={words.period}
          value={days === undefined ? "" : String(days)}
          onChange={(chosen) => change(periodOf(Number(chosen), nowMs))}
          options={PERIOD_DAYS.map((one) => ({ value: String(one), label: words[`last${one}`] }))}
        />
      </Labelled>
      <DayField label={words.from} value={from} max={to} change={(day) => change({ from: day, to })} />
      <DayField label={words.to} value={to} min={from} change={(day) => change({ from, to: day })} />
    </>
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  readonly change: (day: string) => void;
}

function DayField({ label, value, change, ...limits }: DayFieldProps) {
  const id = useId();
  return (
    <Labelled label={label} htmlFor={id}>
      <Input
        id={id}
        type="date"
        value={value}
        {...limits}
        style={{ width: 150 }}
        onChange={({ target }) => target.value !== "" && change(target.value)}
      />
    </Labelled>
  );
}

const LABEL = { display: "block", fontSize: 13, color: "#4d5866" } as const;

/** @param htmlFor of a field; absent: what it labels has its name itself. */
export function Labelled({
  label,
  htmlFor,
  children,
}: {
  readonly label: string;
  readonly htmlFor?: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      {htmlFor === undefined ? (
        <span style={LABEL}>{label}</span>
      ) : (
        <label htmlFor={htmlFor} style={LABEL}>
          {label}
        </label>
      )}
      {children}
    </div>
  );
}

interface OneFieldProps {
  readonly field: Field;
  readonly value: string;
  readonly change: (value: string) => void;
}

function OneField({ field, value, change }: OneFieldProps) {
  const words = useWords(analyticsWords);
  const kinds = useWords(institutionKindWords);
  const swipeKinds = useWords(swipeKindWords);
  const actions = useWords(actionWords);
  switch (field) {
    case "care":
    case "insured":
      return <RegionField label={words[field]} value={value} change={change} />;
    case "institutionKind":
      return (
        <Choice
          label={words.institutionKind}
          value={value}
          change={change}
          of={INSTITUTION_KINDS}
          words={kinds}
        />
      );
    case "kind":
      return <Choice label={words.kind} value={value} change={change} of={SWIPE_KINDS} words={swipeKinds} />;
    case "action":
      return <Choice label={words.action} value={value} change={change} of={ACTIONS} words={actions} />;
    case "rule":
    case "institution":
      return <TextField label={words[field]} value={value} change={change} />;
    default:
      return field satisfies never;
  }
}

interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly of: readonly Name[];
  readonly words: Readonly<Record<Name, string>>;
  /** false: one of them is always chosen. */
  readonly hasAny?: boolean;
}

export function Choice<Name extends string>({
  label,
  value,
  change,
  of,
  words,
  hasAny = true,
}: ChoiceProps<Name>) {
  const { any } = useWords(analyticsWords);
  const id = useId();
  return (
    <Labelled label={label} htmlFor={id}>
      <Select
        id={id}
        value={value}
        onChange={change}
        style={{ minWidth: 120 }}
        options={[
          ...(hasAny ? [{ value: "", label: any }] : []),
          ...of.map((name) => ({ value: name as string, label: words[name] })),
        ]}
      />
    </Labelled>
  );
}

function TextField({ label, value, change }: Omit<OneFieldProps, "field"> & { readonly label: string }) {
  const id = useId();
  return (
    <Labelled label={label} htmlFor={id}>
      <Input
        key={value}
        id={id}
        defaultValue={value}
        allowClear
        style={{ width: 150 }}
        onPressEnter={({ currentTarget }) => change(currentTarget.value.trim())}
        onBlur={({ currentTarget }) =>
          currentTarget.value.trim() !== value && change(currentTarget.value.trim())
        }
      />
    </Labelled>
  );
}

const CITY_CODE_LENGTHS = [2, 4];

function RegionField({ label, value, change }: Omit<OneFieldProps, "field"> & { readonly label: string }) {
  const { any } = useWords(analyticsWords);
  const regions = useRegions();
  const id = useId();
  const options = useMemo(
    () =>
      Object.keys(regions)
        .filter((code) => CITY_CODE_LENGTHS.includes(code.length))
        .sort()
        .map((code) => ({ value: code, label: `${regionName(regions, code)} ${code}` })),
    [regions],
  );
  return (
    <Labelled label={label} htmlFor={id}>
      <Select
        id={id}
        value={value}
        onChange={change}
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: 180 }}
        options={[{ value: "", label: any }, ...options]}
      />
    </Labelled>
  );
}
