/** What browsers are told beside a page or an answer of the console: pure. */

/** Of every answer: nothing of it is kept by browsers or proxies, framed, or taken for something else. */
const ALWAYS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
} as const;

/** A year. Of https only: browsers heed it there alone. */
const STRICT_TRANSPORT = { "strict-transport-security": "max-age=31536000" } as const;

/** @param nonce of the styles that the page's own program adds; empty where the answer is no page. */
export function consolePageHeaders(
  nonce: string,
  { isSecure = false }: { readonly isSecure?: boolean } = {},
): Readonly<Record<string, string>> {
  const styles = nonce === "" ? "'self'" : `'self' 'nonce-${nonce}'`;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    // Antd and echarts set style attributes through the DOM, which no policy looks at; none stands in the HTML.
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ];
  return {
    ...ALWAYS,
    "content-security-policy": policy.join("; "),
    ...(isSecure && STRICT_TRANSPORT),
  };
}

/** Of an answer of the API: JSON or a file, never a page. */
export function consoleAnswerHeaders({
  isSecure = false,
}: {
  readonly isSecure?: boolean;
} = {}): Readonly<Record<string, string>> {
  return {
    ...ALWAYS,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox",
    "cache-control": "no-store",
    ...(isSecure && STRICT_TRANSPORT),
  };
}
