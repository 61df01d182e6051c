/** Who is signed in, for which regions, in which language; signing out. */

import { UserOutlined } from "@ant-design/icons";
import { Button, Dropdown, Space } from "antd";
import { useContext } from "react";
import { Link } from "react-router-dom";
import { roleWords } from "../words/domain.js";
import { shellWords } from "../words/shell.js";
import { LanguageContext, useWords } from "../words/words.js";
import { useRegionName } from "./regions.js";
import { useSessionState } from "./session.js";

export function AccountMenu({ isWide }: { readonly isWide: boolean }) {
  const words = useWords(shellWords);
  const roles = useWords(roleWords);
  const { language, choose } = useContext(LanguageContext);
  const { session, signOut } = useSessionState();
  const regionName = useRegionName();
  const other = language === "zh" ? "en" : "zh";
  const scope = (session?.scope ?? []).map((prefix) =>
    prefix === "" ? words.scopeNation : regionName(prefix),
  );
  return (
    <Space size={4}>
      {isWide && (
        <Button type="text" lang={other === "en" ? "en" : "zh-CN"} onClick={() => choose(other)}>
          {words.language}
        </Button>
      )}
      {session !== null && (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              {
                key: "roles",
                disabled: true,
                label: session.roles.map((role) => roles[role]).join("、") || "—",
              },
              { key: "scope", disabled: true, label: scope.join("、") || words.noScope },
              { type: "divider" },
              { key: "language", label: words.language, onClick: () => choose(other) },
              { key: "own", label: <Link to="/own-account">{words.ownAccount}</Link> },
              { key: "out", label: words.signOut, onClick: () => void signOut() },
            ],
          }}
        >
          <Button type="text" icon={<UserOutlined />} aria-label={`${words.account} ${session.name}`}>
            {isWide ? session.name : null}
          </Button>
        </Dropdown>
      )}
    </Space>
  );
}
