/** One filter of several values, with commas between in the address. */

import { Select } from "antd";
import type { FilterProps } from "./filter-bar.js";

interface ChosenProps extends FilterProps {
  readonly name: string;
  readonly label: string;
  readonly options: { readonly value: string; readonly label: string }[];
}

export function Chosen({ name, label, options, query, change }: ChosenProps) {
  return (
    <Select
      mode="multiple"
      aria-label={label}
      placeholder={label}
      allowClear
      maxTagCount="responsive"
      showSearch={{ optionFilterProp: "label" }}
      value={query[name]?.split(",") ?? []}
      options={options}
      style={{ minWidth: 150, maxWidth: 260 }}
      popupMatchSelectWidth={false}
      onChange={(values: string[]) => change({ [name]: values.join(",") })}
    />
  );
}
