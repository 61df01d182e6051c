/** Data as it is, behind a fold: made only when it is opened. */

import { Button } from "antd";
import { useState } from "react";
import { useWords } from "../../words/words.js";
import { entryWords } from "./entry-words.js";

export function RawData({ value }: { readonly value: unknown }) {
  const words = useWords(entryWords);
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <Button
        type="link"
        size="small"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        style={{ paddingInline: 0 }}
      >
        {words.raw}
      </Button>
      {isOpen && (
        <pre className="code" dir="ltr" style={{ whiteSpace: "pre-wrap", margin: 0 }}>
          {JSON.stringify(value, null, 2)}
        </pre>
      )}
    </div>
  );
}
