/** What keeps the console's pages apart from other sites, and other people's words from being programs. */

/** @param nonce of the styles that the page's own program adds; empty where the answer is no page. */
export function consolePageHeaders(nonce: string): Readonly<Record<string, string>> {
  const styles = nonce === "" ? "'self'" : `'self' 'nonce-${nonce}'`;
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src ${styles}`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ].join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
  };
}
