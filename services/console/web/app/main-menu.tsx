/** The pages that the reader may open, by what they are for. */

import { Menu } from "antd";
import { createElement } from "react";
import { Link, useLocation } from "react-router-dom";
import { type ConsolePage, MENU_GROUPS, type MenuGroup } from "../pages/console-page.js";
import { PAGES } from "../pages/registry.js";
import { type Language, useLanguage, useWords, type Words } from "../words/words.js";
import { useSessionState } from "./session.js";

const groupWords: Words<MenuGroup> = {
  zh: { work: "办理", "look-up": "查询", rules: "规则", figures: "统计", office: "管理" },
  en: { work: "Work", "look-up": "Look up", rules: "Rules", figures: "Figures", office: "Office" },
};

export function MainMenu({ onChosen }: { readonly onChosen?: () => void }) {
  const language = useLanguage();
  const groups = useWords(groupWords);
  const { session } = useSessionState();
  const { pathname } = useLocation();
  const allowed = PAGES.filter(
    ({ menu, permission }) =>
      menu !== undefined && (permission === null || session?.permissions.includes(permission) === true),
  );
  return (
    <Menu
      mode="inline"
      selectedKeys={[currentOf(allowed, pathname)]}
      {...(onChosen !== undefined && { onClick: onChosen })}
      style={{ borderInlineEnd: "none" }}
      items={MENU_GROUPS.flatMap((group) => {
        const children = allowed
          .filter(({ menu }) => menu?.group === group)
          .sort((a, b) => a.menu!.order - b.menu!.order)
          .map((page) => itemOf(page, language));
        return children.length === 0
          ? []
          : [{ type: "group" as const, key: group, label: groups[group], children }];
      })}
    />
  );
}

function itemOf(page: ConsolePage, language: Language) {
  return {
    key: page.path,
    icon: createElement(page.menu!.icon),
    label: <Link to={page.path}>{page.title[language]}</Link>,
  };
}

function currentOf(pages: readonly ConsolePage[], pathname: string): string {
  const within = pages.filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return within.sort((a, b) => b.path.length - a.path.length)[0]?.path ?? "";
}
