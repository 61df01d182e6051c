import { Select } from "antd";
import { SCOPE_PREFIXES_MAX } from "../../../../../schemas/console/access.js";
import { regionName, useRegions } from "../../app/regions.js";
import { useWords } from "../../words/words.js";
import { accountWords } from "./account-words.js";

/** Division codes, found by name or code. `""` is the nation. */
export function RegionChoice({
  id,
  value,
  onChange,
}: {
  readonly id?: string;
  readonly value?: readonly string[];
  readonly onChange?: (codes: readonly string[]) => void;
}) {
  const words = useWords(accountWords);
  const regions = useRegions();
  const known = Object.keys(regions).map((code) => ({
    value: code,
    label: `${regionName(regions, code)} ${code}`,
  }));
  return (
    <Select
      {...(id !== undefined && { id })}
      mode="multiple"
      maxCount={SCOPE_PREFIXES_MAX}
      value={(value ?? []).map((code) => (code === "" ? NATION : code))}
      onChange={(codes) => onChange?.(codes.map((code) => (code === NATION ? "" : code)))}
      options={[{ value: NATION, label: words.nation }, ...known]}
      showSearch={{ optionFilterProp: "label" }}
    />
  );
}

/** The list takes no empty value. */
const NATION = "nation";
