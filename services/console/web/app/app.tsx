/** Providers and addresses. Every page is a file of its own, loaded when it is opened. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ComponentType, lazy, Suspense, useState } from "react";
import { BrowserRouter, Navigate, Route, Routes, useLocation } from "react-router-dom";
import type { ConsolePage } from "../pages/console-page.js";
import { PAGES } from "../pages/registry.js";
import { LoadingState, NoPermissionState, NotFoundState } from "../parts/page-state.js";
import { LANGUAGE_TAGS, LANGUAGES, type Language, LanguageContext } from "../words/words.js";
import { isAway } from "./ask.js";
import { Layout } from "./layout.js";
import { PageBoundary } from "./page-boundary.js";
import { SessionProvider, useMay, useSessionState } from "./session.js";
import { styleNonce } from "./style-nonce.js";
import { THEME } from "./theme.js";

const LANGUAGE_STORED = "kadun-language";
/** Asked again by itself where nobody answered; refusals stay. */
const RETRIES_MAX = 3;
/** An office that restarts is back after some seconds; what could not be had is there soon after, without a press. */
const AWAY_AGAIN_MS = 5_000;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < RETRIES_MAX && isAway(error),
      refetchInterval: ({ state }) => (isAway(state.error) ? AWAY_AGAIN_MS : false),
      refetchOnWindowFocus: false,
    },
  },
});

export function App() {
  const [language, setLanguage] = useState<Language>(storedLanguage);
  const choose = (chosen: Language) => {
    localStorage.setItem(LANGUAGE_STORED, chosen);
    document.documentElement.lang = LANGUAGE_TAGS[chosen];
    setLanguage(chosen);
  };
  return (
    <LanguageContext value={{ language, choose }}>
      <ConfigProvider
        locale={language === "zh" ? zhCN : enUS}
        theme={THEME}
        csp={{ nonce: styleNonce }}
        button={{ autoInsertSpace: false }}
      >
        <AntApp>
          <QueryClientProvider client={queries}>
            <BrowserRouter>
              <SessionProvider>
                <Pages />
              </SessionProvider>
            </BrowserRouter>
          </QueryClientProvider>
        </AntApp>
      </ConfigProvider>
    </LanguageContext>
  );
}

/** Without somebody signed in there are only these. */
const OPEN_PATHS = ["/sign-in", "/welcome"];
const HOME = "/today";

function Pages() {
  const { session } = useSessionState();
  const { pathname, search } = useLocation();
  const isOpen = OPEN_PATHS.includes(pathname);
  if (session === null && !isOpen)
    return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />;
  const routes = (
    <Routes>
      {PAGES.map((page) => (
        <Route key={page.path} path={page.path} element={<OnePage page={page} />} />
      ))}
      <Route path="/" element={<Navigate to={HOME} replace />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  );
  return isOpen ? routes : <Layout>{routes}</Layout>;
}

function OnePage({ page }: { readonly page: ConsolePage }) {
  const isAllowed = useMay(page.permission);
  const { pathname } = useLocation();
  if (!isAllowed && page.permission !== null) return <NoPermissionState permission={page.permission} />;
  const Loaded = loaded(page);
  return (
    <PageBoundary key={pathname} title={page.title}>
      <Suspense fallback={<LoadingState />}>
        <Loaded />
      </Suspense>
    </PageBoundary>
  );
}

const components = new Map<ConsolePage["load"], ComponentType>();
function loaded({ load }: ConsolePage): ComponentType {
  const known = components.get(load) ?? lazy(load);
  components.set(load, known);
  return known;
}

function storedLanguage(): Language {
  const stored = localStorage.getItem(LANGUAGE_STORED);
  const language = LANGUAGES.find((one) => one === stored) ?? "zh";
  document.documentElement.lang = LANGUAGE_TAGS[language];
  return language;
}
