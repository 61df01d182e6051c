/** A field whose text is kept while it is typed, and says so. */

import { Input, Typography } from "antd";
import { useId } from "react";
import { useWords, type Words } from "../../words/words.js";
import type { DraftState, DraftText } from "./drafts.js";

const words: Words<DraftState> = {
  zh: { empty: "", typing: "正在保存草稿…", kept: "草稿已保存", "not-kept": "草稿未能保存，请勿关闭本页" },
  en: {
    empty: "",
    typing: "Keeping the draft…",
    kept: "Draft kept",
    "not-kept": "The draft could not be kept; do not close this page",
  },
};

export function DraftField({
  draft,
  label,
  lengthMax,
  rows = 3,
}: {
  readonly draft: DraftText;
  readonly label: string;
  readonly lengthMax: number;
  readonly rows?: number;
}) {
  const id = useId();
  const said = useWords(words)[draft.state];
  return (
    <div style={{ marginBottom: 20 }}>
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        value={draft.text}
        onChange={({ target }) => draft.change(target.value)}
        rows={rows}
        maxLength={lengthMax}
        showCount
      />
      <Typography.Text type={draft.state === "not-kept" ? "danger" : "secondary"} role="status">
        {said}
      </Typography.Text>
    </div>
  );
}
