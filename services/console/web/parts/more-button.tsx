/** The next page of a list, and how far a page has looked that found little. */

import { Button, Flex, Typography } from "antd";
import { shellWords } from "../words/shell.js";
import { filled, useLanguage, useWords } from "../words/words.js";
import { instantText } from "./values.js";

export function MoreButton({
  list,
  searchedTo = null,
}: {
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly searchedTo?: string | null;
}) {
  const words = useWords(shellWords);
  const language = useLanguage();
  if (!list.hasNextPage) return null;
  return (
    <Flex vertical align="center" gap={8} style={{ marginTop: 12 }}>
      {searchedTo !== null && (
        <Typography.Text type="secondary">
          {filled(words.searchedTo, { to: instantText(searchedTo, language) })}
        </Typography.Text>
      )}
      <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {words.more}
      </Button>
    </Flex>
  );
}
