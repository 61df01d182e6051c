import { Typography } from "antd";
import { useLanguage, useWords } from "../../words/words.js";
import { accessWords } from "../sign-in/access-words.js";

/** Whose link it is, and until when it works. */
export function WelcomeText({ name, expiresAt }: { readonly name: string; readonly expiresAt: string }) {
  const words = useWords(accessWords);
  const tag = useLanguage() === "zh" ? "zh-CN" : "en-GB";
  const at = new Date(expiresAt).toLocaleString(tag, { timeZone: "Asia/Shanghai" });
  const [before = "", behind = ""] = words.welcomeText.split("{name}");
  return (
    <Typography.Paragraph style={{ margin: 0 }}>
      {before}
      <bdi>
        <strong>{name}</strong>
      </bdi>
      {behind.replace("{at}", at)}
    </Typography.Paragraph>
  );
}
