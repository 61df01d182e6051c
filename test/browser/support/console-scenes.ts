/** Every page of the analysts' console, with the way there and words that only it has. */

export interface Places {
  readonly caseId: string;
  readonly appealCaseId: string;
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
  { name: "today", path: () => "/today", shows: "今日" },
];
