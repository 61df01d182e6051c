/** Around a page: its title, and what is shown where its program breaks or cannot be loaded. */

import { Button, Result } from "antd";
import { Component, type ReactNode, useEffect } from "react";
import { shellWords } from "../words/shell.js";
import { type Language, useLanguage, useWords } from "../words/words.js";

interface Props {
  readonly title: Readonly<Record<Language, string>>;
  readonly children: ReactNode;
}

export function PageBoundary({ title, children }: Props) {
  const language = useLanguage();
  const { product } = useWords(shellWords);
  const shown = title[language];
  useEffect(() => {
    document.title = `${shown} · ${product}`;
  }, [shown, product]);
  return <Boundary fallback={<PageFailed />}>{children}</Boundary>;
}

function PageFailed() {
  const words = useWords(shellWords);
  return (
    <Result
      status="error"
      title={words.failedTitle}
      subTitle={words.pageFailed}
      extra={<Button onClick={() => location.reload()}>{words.refresh}</Button>}
    />
  );
}

class Boundary extends Component<
  { readonly fallback: ReactNode; readonly children: ReactNode },
  { readonly isBroken: boolean }
> {
  override readonly state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? this.props.fallback : this.props.children;
  }
}
