/** The frame of every page: menu, search, who is signed in. */

import { MenuOutlined } from "@ant-design/icons";
import { Alert, Layout as AntLayout, Button, Drawer, Grid, Input, Space, Typography } from "antd";
import { type ReactNode, useState } from "react";
import { Link, useNavigate } from "react-router-dom";
import { shellWords } from "../words/shell.js";
import { useWords } from "../words/words.js";
import { AccountMenu } from "./account-menu.js";
import { MainMenu } from "./main-menu.js";
import { useSessionState } from "./session.js";

const SIDER_WIDTH = 200;

export function Layout({ children }: { readonly children: ReactNode }) {
  const words = useWords(shellWords);
  const { session, isEnded } = useSessionState();
  const isWide = Grid.useBreakpoint().lg ?? true;
  return (
    <AntLayout style={{ minHeight: "100%" }}>
      <a className="skip-link" href="#content">
        {words.skip}
      </a>
      <Header isWide={isWide} />
      {session?.isDemo === true && <Alert type="info" banner showIcon title={words.demo} />}
      {isEnded && (
        <Alert
          type="warning"
          banner
          title={words.sessionEnded}
          action={
            // In another tab, so that nothing typed here is lost.
            <a href="/sign-in" target="_blank" rel="noreferrer">
              {words.signIn}
            </a>
          }
        />
      )}
      <AntLayout>
        {isWide && (
          <AntLayout.Sider width={SIDER_WIDTH} theme="light">
            <nav aria-label={words.menu} style={{ position: "sticky", top: 0 }}>
              <MainMenu />
            </nav>
          </AntLayout.Sider>
        )}
        {/* It is the page's <main>. */}
        <AntLayout.Content
          id="content"
          tabIndex={-1}
          style={{ padding: isWide ? 20 : 12, outline: "none", minWidth: 0 }}
        >
          {children}
        </AntLayout.Content>
      </AntLayout>
    </AntLayout>
  );
}

function Header({ isWide }: { readonly isWide: boolean }) {
  const words = useWords(shellWords);
  const [isOpen, setOpen] = useState(false);
  return (
    <AntLayout.Header
      style={{ display: "flex", alignItems: "center", gap: 12, borderBottom: "1px solid #e3e7ec" }}
    >
      {!isWide && (
        <>
          <Button
            icon={<MenuOutlined />}
            aria-label={words.menu}
            aria-expanded={isOpen}
            onClick={() => setOpen(true)}
          />
          <Drawer
            open={isOpen}
            onClose={() => setOpen(false)}
            placement="left"
            size={240}
            title={words.product}
          >
            <nav aria-label={words.menu}>
              <MainMenu onChosen={() => setOpen(false)} />
            </nav>
          </Drawer>
        </>
      )}
      <Link to="/today" style={{ whiteSpace: "nowrap" }}>
        <Space size={8}>
          <Typography.Text strong style={{ fontSize: 18, color: "#1d4f91" }}>
            {words.product}
          </Typography.Text>
          {isWide && <Typography.Text type="secondary">{words.console}</Typography.Text>}
        </Space>
      </Link>
      <SearchBox />
      <AccountMenu isWide={isWide} />
    </AntLayout.Header>
  );
}

function SearchBox() {
  const words = useWords(shellWords);
  const navigate = useNavigate();
  return (
    <search style={{ flex: 1, maxWidth: 480, marginLeft: "auto", display: "flex" }}>
      <Input.Search
        allowClear
        placeholder={words.search}
        aria-label={words.searchLabel}
        onSearch={(text) => {
          const typed = text.trim();
          if (typed !== "") navigate(`/search?q=${encodeURIComponent(typed)}`);
        }}
      />
    </search>
  );
}
