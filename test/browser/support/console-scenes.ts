/** Every page of the analysts' console, with the way there and words that only it has. */

export interface Places {
  readonly caseId: string;
  readonly personKey: string;
  readonly institutionId: string;
  readonly terminalId: string;
  readonly findingId: string;
}

export interface ConsoleScene {
  readonly name: string;
  readonly path: (places: Places) => string;
  readonly shows: RegExp | string;
}

export const CONSOLE_SCENES: readonly ConsoleScene[] = [
  { name: "today", path: () => "/today", shows: "每分钟刷卡" },
  { name: "queue", path: () => "/queue", shows: /[0-9A-Z]{4}-[0-9A-Z]{4}/ },
  { name: "case", path: ({ caseId }) => `/cases/${caseId}`, shows: "怎样就不会命中" },
  { name: "appeals", path: () => "/appeals", shows: "申诉" },
  { name: "appeal", path: () => "/appeals/none", shows: "没有这一页" },
  { name: "person", path: ({ personKey }) => `/persons/${personKey}`, shows: "已脱敏" },
  { name: "institution", path: (at) => `/institutions/${at.institutionId}`, shows: /定点|药店|医疗机构/ },
  {
    name: "terminal",
    path: (at) => `/institutions/${at.institutionId}/terminals/${at.terminalId}`,
    shows: /终端/,
  },
  { name: "findings", path: () => "/findings", shows: "巡检发现" },
  { name: "finding", path: ({ findingId }) => `/findings/${findingId}`, shows: "巡检" },
  { name: "search", path: ({ caseId }) => `/search?q=${caseId}`, shows: "案件" },
  { name: "rules", path: () => "/rules", shows: "R25" },
  { name: "rule", path: () => "/rules/R14", shows: "R14" },
  { name: "versions", path: () => "/rules/versions", shows: "版本" },
  { name: "version", path: () => "/rules/versions/1", shows: "版本" },
  { name: "drafts", path: () => "/rules/drafts", shows: "草稿" },
  { name: "draft", path: () => "/rules/drafts/none", shows: "没有这一页" },
  { name: "jobs", path: () => "/rules/jobs", shows: "后台任务" },
  { name: "job", path: () => "/rules/jobs/none", shows: "没有这一页" },
  { name: "breaker", path: () => "/rules/breaker", shows: "熔断" },
  { name: "policies", path: () => "/policies", shows: "挂失政策" },
  { name: "analytics", path: () => "/analytics", shows: "趋势" },
  { name: "analytics-institutions", path: () => "/analytics/institutions", shows: "机构排名" },
  { name: "audit", path: () => "/audit", shows: "审计日志" },
  { name: "accounts", path: () => "/accounts", shows: "账号与权限" },
  { name: "own-account", path: () => "/own-account", shows: "我的账号" },
  { name: "system", path: () => "/system", shows: "系统状态" },
];
