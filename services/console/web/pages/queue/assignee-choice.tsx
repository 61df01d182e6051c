/** Whose cases: mine, nobody's, or those of somebody who is named. */

import { Select } from "antd";
import { useState } from "react";
import { useWords } from "../../words/words.js";
import type { FilterProps } from "./filter-bar.js";
import { queueWords } from "./words.js";

export function AssigneeChoice({ query, change }: FilterProps) {
  const words = useWords(queueWords);
  const [typed, setTyped] = useState("");
  const named = [typed.trim(), query.assignee ?? ""].filter(
    (name, i, all) => name !== "" && name !== "me" && name !== "none" && all.indexOf(name) === i,
  );
  return (
    <Select
      aria-label={words.assignee}
      placeholder={words.anybody}
      allowClear
      // What is typed is a name: the list of people is not everybody's to read.
      showSearch={{ filterOption: false, onSearch: setTyped }}
      value={query.assignee ?? null}
      options={[
        { value: "me", label: words.me },
        { value: "none", label: words.nobody },
        ...named.map((value) => ({ value, label: value })),
      ]}
      style={{ minWidth: 130 }}
      onChange={(value: string | null | undefined) => change({ assignee: value ?? "" })}
    />
  );
}
