/** Filters behind a button. */

import { FilterOutlined } from "@ant-design/icons";
import { Button, Flex } from "antd";
import { type ReactNode, useId, useState } from "react";
import { filled, useWords } from "../../words/words.js";
import { queueWords } from "./words.js";

/** On a telephone the cases come first; how many filters hold is on the button. */
export function FoldedFilters({ count, children }: { readonly count: number; readonly children: ReactNode }) {
  const words = useWords(queueWords);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        icon={<FilterOutlined aria-hidden />}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {count === 0 ? words.filters : filled(words.filtersOn, { count })}
      </Button>
      <Flex id={id} wrap gap={8} style={{ order: 1, width: "100%", ...(!isOpen && { display: "none" }) }}>
        {children}
      </Flex>
    </>
  );
}
