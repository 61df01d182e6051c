/** Colours and measures. Contrast of text on its ground is at least 4.5 to 1; axe looks in every browser test. */

import type { ThemeConfig } from "antd";

const SYSTEM_FONTS =
  '-apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", Roboto, sans-serif';

export const THEME: ThemeConfig = {
  token: {
    // Whoever asks the system for less movement.
    motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    colorPrimary: "#1d4f91",
    colorPrimaryBg: "#e6edf7",
    colorInfoBg: "#e6edf7",
    colorInfoBorder: "#b9cce6",
    colorErrorBg: "#fbeaea",
    colorWarningBg: "#fdf1e7",
    colorSuccessBg: "#e8f4ec",
    colorLink: "#1d4f91",
    // Darker than at rest: the library's own is too pale on coloured ground.
    colorLinkHover: "#153a6b",
    colorInfo: "#1d4f91",
    colorSuccess: "#2f7d4f",
    colorWarning: "#a8480b",
    colorError: "#b3202c",
    colorTextSecondary: "#4d5866",
    colorTextTertiary: "#5a6472",
    colorTextDescription: "#4d5866",
    colorTextPlaceholder: "#5f6975",
    colorBgLayout: "#f3f5f8",
    borderRadius: 6,
    fontFamily: SYSTEM_FONTS,
  },
  components: {
    Layout: { headerBg: "#ffffff", headerHeight: 56, headerPadding: "0 16px", siderBg: "#ffffff" },
    Table: { cellPaddingBlockSM: 6, headerBg: "#f3f5f8" },
  },
};
