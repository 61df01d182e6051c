/** The frame of the pages before a session: one card in the middle, and the language. */

import { Button, Card, Flex, Typography } from "antd";
import { type ReactNode, useContext } from "react";
import { shellWords } from "../../words/shell.js";
import { LanguageContext, useWords } from "../../words/words.js";

const WIDTH = 400;

export function DoorCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const words = useWords(shellWords);
  const { language, choose } = useContext(LanguageContext);
  const other = language === "zh" ? "en" : "zh";
  return (
    <main style={{ minHeight: "100%", display: "flex", alignItems: "center", padding: 16 }}>
      <Card style={{ width: "100%", maxWidth: WIDTH, margin: "auto" }}>
        <Flex justify="space-between" align="center">
          <Typography.Text strong style={{ fontSize: 18, color: "#1d4f91" }}>
            {words.product}
          </Typography.Text>
          <Button type="text" lang={other === "en" ? "en" : "zh-CN"} onClick={() => choose(other)}>
            {words.language}
          </Button>
        </Flex>
        <Typography.Title level={1} style={{ fontSize: 22, margin: "12px 0 16px" }}>
          {title}
        </Typography.Title>
        <Flex vertical gap={16}>
          {children}
        </Flex>
      </Card>
    </main>
  );
}
