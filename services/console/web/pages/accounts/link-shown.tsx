import { Button, Input, Modal, Typography } from "antd";
import { useState } from "react";
import { WELCOME_PAGE } from "../../../../../schemas/http/console-access-routes.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import type { NamedLink } from "./account-form.js";
import { accountWords } from "./account-words.js";

/** A one-time link, shown once. */
export function LinkShown({ link, onClose }: { readonly link: NamedLink; readonly onClose: () => void }) {
  const words = useWords(accountWords);
  const tag = useLanguage() === "zh" ? "zh-CN" : "en-GB";
  const [isCopied, setCopied] = useState(false);
  const address = `${location.origin}${WELCOME_PAGE}#${link.token}`;
  const at = new Date(link.expiresAt).toLocaleString(tag, { timeZone: "Asia/Shanghai" });
  const copy = () => navigator.clipboard.writeText(address).then(() => setCopied(true));
  return (
    <Modal
      open
      title={filled(words.linkTitle, { name: link.name })}
      onCancel={onClose}
      footer={[
        <Button key="copy" type="primary" onClick={() => void copy()}>
          {isCopied ? words.copied : words.copy}
        </Button>,
        <Button key="close" onClick={onClose}>
          {words.close}
        </Button>,
      ]}
    >
      <Typography.Paragraph>{filled(words.linkText, { at })}</Typography.Paragraph>
      <Input.TextArea readOnly rows={3} value={address} aria-label={words.link} />
    </Modal>
  );
}
